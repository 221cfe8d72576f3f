"""Digits as a hand draws them: synthetic strokes, rendered as 28 x 28 images with ink 1 on 0.

Every digit has several templates (a 4 open and closed, a 7 with and without its bar). A sample is one template, bent by
a smooth random field, made to tremble, its strokes moved apart, stretched, sheared, rotated, scaled and put anywhere on
the canvas, then inked with a pen of random width. All of it is vectorised over the batch, and the same generator draws
the same images.
"""

import numpy as np

SIDE = 28
"""Width and height of an image, pixels: what digit recognisers have taken since MNIST."""

POINTS = 44
"""Points of a template, all strokes together: enough that the chords of an 8 are invisible at 28 pixels."""

Stroke = np.ndarray  # [points, 2], x to the right and y down, in a unit square


def line(*points: tuple[float, float]) -> Stroke:
    """A stroke with corners at the given points."""
    return np.array(points, float)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """A part of an ellipse. Angles in degrees, 0 to the right, growing clockwise on the screen."""
    angle = np.radians(np.linspace(start, end, 24))
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], axis=1)


def curve(*points: tuple[float, float]) -> Stroke:
    """A smooth stroke through the given points (Catmull-Rom spline)."""
    p = np.array([points[0], *points, points[-1]], float)
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    spline = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return np.concatenate([spline.reshape(-1, 2), p[-1:]])


def joined(*strokes: Stroke) -> Stroke:
    """One stroke that runs through all of the given ones without lifting the pen."""
    return np.concatenate(strokes)


TEMPLATES: dict[int, list[list[Stroke]]] = {
    0: [
        [arc(0.5, 0.5, 0.27, 0.4, -90, 270)],
        [arc(0.5, 0.5, 0.36, 0.4, -100, 275)],
        [arc(0.5, 0.5, 0.28, 0.4, -60, 310)],
        [arc(0.5, 0.5, 0.27, 0.4, -70, 250)],
        [
            curve(
                *((0.6, 0.13), (0.36, 0.2), (0.24, 0.5), (0.36, 0.83)),
                *((0.6, 0.83), (0.75, 0.5), (0.62, 0.18), (0.44, 0.1)),
            ),
        ],
    ],
    1: [
        [line((0.5, 0.1), (0.5, 0.9))],
        [line((0.5, 0.1), (0.5, 0.9))],  # twice, since it is what most people draw
        [line((0.36, 0.27), (0.52, 0.1), (0.52, 0.9))],
        [line((0.24, 0.46), (0.54, 0.1), (0.54, 0.9))],
        [line((0.36, 0.27), (0.52, 0.1), (0.52, 0.9)), line((0.32, 0.9), (0.72, 0.9))],
        [line((0.5, 0.1), (0.5, 0.9)), line((0.32, 0.9), (0.68, 0.9))],
    ],
    2: [
        [joined(arc(0.5, 0.33, 0.26, 0.23, -170, 25), line((0.25, 0.9), (0.78, 0.9)))],
        [
            curve(
                *((0.25, 0.28), (0.46, 0.1), (0.72, 0.28), (0.6, 0.55)),
                *((0.34, 0.8), (0.24, 0.9), (0.5, 0.86), (0.78, 0.9)),
            ),
        ],
        [
            curve(
                *((0.26, 0.28), (0.48, 0.1), (0.73, 0.28), (0.6, 0.58), (0.36, 0.86)),
                *((0.22, 0.84), (0.29, 0.71), (0.47, 0.8), (0.62, 0.9), (0.8, 0.84)),
            )
        ],
        [line((0.24, 0.14), (0.72, 0.12), (0.74, 0.3), (0.26, 0.9), (0.78, 0.9))],
        [
            curve((0.3, 0.36), (0.34, 0.16), (0.56, 0.1), (0.72, 0.26), (0.62, 0.52), (0.26, 0.9)),
            line((0.26, 0.9), (0.78, 0.88)),
        ],
    ],
    3: [
        [joined(arc(0.46, 0.3, 0.25, 0.2, -150, 90), arc(0.46, 0.7, 0.28, 0.2, -90, 150))],
        [joined(line((0.25, 0.12), (0.7, 0.12), (0.46, 0.42)), arc(0.46, 0.66, 0.27, 0.24, -80, 150))],
        [
            curve(
                *((0.26, 0.18), (0.5, 0.1), (0.68, 0.26), (0.52, 0.45), (0.4, 0.47)),
                *((0.54, 0.49), (0.74, 0.68), (0.52, 0.9), (0.25, 0.83)),
            ),
        ],
        [
            curve(
                *((0.28, 0.2), (0.52, 0.1), (0.68, 0.28), (0.5, 0.48), (0.4, 0.44)),
                *((0.48, 0.4), (0.74, 0.66), (0.5, 0.9), (0.24, 0.78)),
            ),
        ],
    ],
    4: [
        [line((0.62, 0.9), (0.62, 0.1), (0.2, 0.64), (0.84, 0.64))],
        [line((0.6, 0.1), (0.22, 0.6), (0.82, 0.6)), line((0.6, 0.1), (0.6, 0.9))],
        [line((0.3, 0.1), (0.24, 0.54), (0.78, 0.54)), line((0.68, 0.12), (0.68, 0.9))],
        [line((0.36, 0.1), (0.22, 0.56), (0.82, 0.56)), line((0.64, 0.32), (0.6, 0.9))],
        [curve((0.26, 0.12), (0.26, 0.42), (0.42, 0.54), (0.68, 0.42)), line((0.7, 0.12), (0.68, 0.9))],
        [line((0.46, 0.1), (0.2, 0.62), (0.8, 0.62)), line((0.6, 0.42), (0.58, 0.9))],
    ],
    5: [
        [joined(line((0.74, 0.1), (0.32, 0.1), (0.28, 0.46)), arc(0.47, 0.65, 0.27, 0.24, -130, 145))],
        [
            joined(line((0.32, 0.1), (0.29, 0.44)), arc(0.46, 0.65, 0.28, 0.25, -120, 140)),
            line((0.32, 0.1), (0.76, 0.1)),
        ],
        [joined(line((0.76, 0.12), (0.36, 0.12), (0.3, 0.44), (0.44, 0.42)), arc(0.46, 0.66, 0.26, 0.24, -80, 150))],
        [
            curve(
                *((0.74, 0.12), (0.5, 0.11), (0.34, 0.2), (0.34, 0.4)),
                *((0.56, 0.5), (0.7, 0.68), (0.54, 0.88), (0.26, 0.86)),
            ),
        ],
    ],
    6: [
        [joined(curve((0.68, 0.1), (0.44, 0.24), (0.28, 0.52)), arc(0.5, 0.67, 0.24, 0.23, -180, 170))],
        [joined(line((0.58, 0.1), (0.28, 0.6)), arc(0.5, 0.68, 0.24, 0.22, -200, 160))],
        [curve((0.7, 0.16), (0.5, 0.1), (0.3, 0.34), (0.26, 0.68), (0.46, 0.9), (0.7, 0.74), (0.58, 0.52), (0.3, 0.6))],
        [joined(line((0.32, 0.1), (0.3, 0.6)), arc(0.5, 0.68, 0.21, 0.22, -190, 165))],
        [joined(curve((0.64, 0.1), (0.4, 0.26), (0.27, 0.56)), arc(0.48, 0.67, 0.22, 0.22, -185, 150))],
    ],
    7: [
        [line((0.22, 0.12), (0.78, 0.12), (0.42, 0.9))],
        [line((0.22, 0.12), (0.78, 0.12), (0.42, 0.9)), line((0.36, 0.5), (0.74, 0.5))],
        [line((0.22, 0.26), (0.24, 0.12), (0.78, 0.12), (0.46, 0.9))],
        [line((0.22, 0.26), (0.24, 0.12), (0.78, 0.12), (0.46, 0.9)), line((0.4, 0.52), (0.76, 0.48))],
        [joined(line((0.2, 0.14), (0.76, 0.12)), curve((0.76, 0.12), (0.6, 0.36), (0.5, 0.62), (0.46, 0.9)))],
        [
            curve((0.2, 0.2), (0.32, 0.12), (0.52, 0.17), (0.76, 0.12), (0.6, 0.4), (0.44, 0.9)),
            line((0.36, 0.5), (0.72, 0.5)),
        ],
    ],
    8: [
        [joined(arc(0.5, 0.3, 0.21, 0.2, 90, 450), arc(0.5, 0.7, 0.26, 0.2, -90, 270))],
        [
            curve(
                *((0.68, 0.2), (0.48, 0.1), (0.32, 0.27), (0.5, 0.47), (0.72, 0.7), (0.5, 0.9)),
                *((0.28, 0.72), (0.48, 0.5), (0.68, 0.3), (0.64, 0.14)),
            )
        ],
        [
            curve(
                *((0.5, 0.1), (0.3, 0.28), (0.5, 0.48), (0.73, 0.7), (0.5, 0.9)),
                *((0.27, 0.7), (0.5, 0.48), (0.7, 0.28), (0.5, 0.1)),
            )
        ],
        [arc(0.5, 0.3, 0.2, 0.19, -90, 270), arc(0.5, 0.7, 0.26, 0.21, -90, 270)],
    ],
    9: [
        [joined(arc(0.48, 0.33, 0.23, 0.23, 0, -350), line((0.71, 0.32), (0.68, 0.9)))],
        [joined(arc(0.5, 0.32, 0.24, 0.22, -20, -370), line((0.73, 0.32), (0.56, 0.9)))],
        [joined(arc(0.5, 0.33, 0.24, 0.23, -10, -360), curve((0.74, 0.33), (0.7, 0.64), (0.52, 0.88), (0.28, 0.84)))],
        [arc(0.48, 0.32, 0.22, 0.22, -90, 270), line((0.71, 0.12), (0.71, 0.9))],
        [joined(arc(0.48, 0.33, 0.23, 0.22, -40, -320), line((0.7, 0.12), (0.7, 0.9)))],
        [
            curve(
                *((0.72, 0.24), (0.54, 0.1), (0.3, 0.26), (0.36, 0.5)),
                *((0.6, 0.48), (0.72, 0.22), (0.72, 0.5), (0.7, 0.9)),
            ),
        ],
    ],
}


def resampled(stroke: Stroke, points: int) -> Stroke:
    """The same stroke with its points at equal distances."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    at = np.linspace(0, along[-1], points)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


class Glyphs:
    """All templates as arrays of equal length, so that a batch may mix them.

    points [templates, POINTS, 2]; stroke [templates, POINTS], the number of the stroke a point belongs to;
    next [templates, POINTS - 1], the point a segment ends at: the following one, or itself where the pen is lifted.
    """

    def __init__(self) -> None:
        points, strokes = zip(*(self._laid_out(template) for group in TEMPLATES.values() for template in group))
        self.points, self.stroke = np.stack(points), np.stack(strokes)
        lifted = np.diff(self.stroke, axis=1) > 0
        self.next = np.arange(1, POINTS) - lifted
        self.count = np.array([len(group) for group in TEMPLATES.values()])
        self.first = np.cumsum(self.count) - self.count

    @staticmethod
    def _laid_out(template: list[Stroke]) -> tuple[np.ndarray, np.ndarray]:
        lengths = np.array([np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum() for stroke in template])
        bounds = np.round(np.cumsum(lengths) / lengths.sum() * POINTS).astype(int)
        shares = np.diff(bounds, prepend=0)
        points = np.concatenate([resampled(stroke, share) for stroke, share in zip(template, shares)])
        return points, np.repeat(np.arange(len(template)), shares)


GLYPHS = Glyphs()


def bent(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moves each point [n, POINTS, 2] by a smooth field: three plane waves of about one period over the glyph."""
    n = len(points)
    for _ in range(3):
        wave, phase = rng.normal(0, 4, (n, 2, 1)), rng.uniform(0, 2 * np.pi, (n, 1, 1))
        points = points + np.sin(points @ wave + phase) * rng.normal(0, 0.033, (n, 1, 2))
    return points


def trembling(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moves each point by itself, as a mouse does, some hands more than others."""
    return points + rng.normal(0, 1, points.shape) * rng.uniform(0, 0.016, (len(points), 1, 1))


def strokes_apart(points: np.ndarray, stroke: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moves each stroke as a whole, as a hand does that lifts the pen."""
    shifts = rng.normal(0, 0.028, (len(points), stroke.max() + 1, 2))
    return points + np.take_along_axis(shifts, stroke[..., None], axis=1)


def slanted(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Stretches to 0.6..1.5 of the width, shears by up to 0.3 and rotates by up to 15 degrees."""
    n = len(points)
    stretch, shear = np.exp(rng.uniform(np.log(0.6), np.log(1.5), n)), rng.uniform(-0.3, 0.3, n)
    angle = np.radians(rng.uniform(-15, 15, n))
    x, y = points[..., 0].T * stretch, points[..., 1].T
    x = x + y * shear
    return np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)]).transpose(2, 1, 0)


def placed(points: np.ndarray, margin: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scales to 0.4..1 of the canvas less the pen's margin (pixels, [n]) and puts it anywhere that fits, in pixels."""
    low, extent = points.min(1), np.ptp(points, axis=1)
    room = SIDE - 2 * margin[:, None]
    scale = room * rng.uniform(0.4, 1, room.shape) / extent.max(1, keepdims=True)
    # The mean of two draws: the middle is likelier than the edge, as on a canvas.
    corner = margin[:, None] + (room - scale * extent) * rng.uniform(0, 1, (2, len(points), 2)).mean(0)
    return (points - low[:, None]) * scale[:, None] + corner[:, None]


def distance_to_ink(points: np.ndarray, following: np.ndarray) -> np.ndarray:
    """Distance of every pixel's centre to the nearest segment, pixels, [n, SIDE, SIDE]."""
    starts = points[:, :-1].astype(np.float32)
    ends = np.take_along_axis(points, following[..., None], axis=1).astype(np.float32)
    centres = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    nearest = np.full((len(points), SIDE, SIDE), np.inf, np.float32)
    for start, along in zip(starts.swapaxes(0, 1), (ends - starts).swapaxes(0, 1)):
        x, y = (centres - start[:, :1])[:, None, :], (centres - start[:, 1:])[:, :, None]
        along_x, along_y = along[:, 0, None, None], along[:, 1, None, None]
        at = (x * along_x + y * along_y) / (along_x**2 + along_y**2 + np.float32(1e-9))
        np.clip(at, 0, 1, out=at)
        np.minimum(nearest, (x - at * along_x) ** 2 + (y - at * along_y) ** 2, out=nearest)
    return np.sqrt(nearest)


def draw(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Images float32 [n, 1, 28, 28] in 0..1, quantised to the 256 levels of a canvas, and their digits int64 [n]."""
    digit = rng.integers(0, 10, n)
    template = GLYPHS.first[digit] + rng.integers(0, GLYPHS.count[digit])
    radius, softness = rng.uniform(0.6, 2.4, n), rng.uniform(0.7, 1.6, n)

    points = trembling(bent(GLYPHS.points[template] - 0.5, rng), rng)
    points = strokes_apart(points, GLYPHS.stroke[template], rng)
    points = placed(slanted(points, rng), radius + 0.5, rng)

    size = np.ptp(points, axis=1).max(1)
    radius = np.minimum(radius, np.maximum(0.12 * size, 0.6))  # a thicker pen would fill the holes of a small 8
    ink = (radius[:, None, None] - distance_to_ink(points, GLYPHS.next[template])) / softness[:, None, None] + 0.5
    images = np.clip(ink, 0, 1) * rng.uniform(0.6, 1, (n, 1, 1))
    return (np.round(images * 255) / 255).astype(np.float32)[:, None], digit
