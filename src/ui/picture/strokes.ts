/** A point of a drawing: both coordinates from 0 to 1 over the pad. */
export type Point = readonly [x: number, y: number]
export type Stroke = readonly Point[]

/** Width of the pen, as a share of the pad. */
const PEN = 0.085

/** Draws strokes over whatever is on the canvas, scaled to its size, in the given colour. */
export function drawStrokes(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  strokes: readonly Stroke[],
  colour: string,
): void {
  const { width, height } = context.canvas
  context.lineWidth = PEN * width
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = colour
  for (const stroke of strokes) {
    context.beginPath()
    stroke.forEach(([x, y]) => context.lineTo(x * width, y * height))
    // A tap is a dot: a line needs a second point to be drawn.
    const [first] = stroke
    if (first && stroke.length === 1) context.lineTo(first[0] * width + 0.01, first[1] * height)
    context.stroke()
  }
}

/** Pixels along the side of what a drawing is turned into before it is shrunk for the model. */
const RENDERED = 280

/** A drawing as black on white pixels. */
export function renderStrokes(strokes: readonly Stroke[]): ImageData {
  const context = new OffscreenCanvas(RENDERED, RENDERED).getContext('2d')
  if (context === null) throw new Error('This browser gave no canvas to draw on.')
  context.fillStyle = 'white'
  context.fillRect(0, 0, RENDERED, RENDERED)
  drawStrokes(context, strokes, 'black')
  return context.getImageData(0, 0, RENDERED, RENDERED)
}
