import { putMessage, putText, written } from './wire.ts'

const GRAPH = 7
const GRAPH_OUTPUT = 12
const VALUE_NAME = 1

/**
 * Bytes that, put after a model's own, make every intermediate an output: a second graph that only lists outputs, which
 * any protobuf reader merges into the first. The engine infers their types.
 */
export const exposing = (intermediates: readonly string[]): Uint8Array =>
  intermediates.length === 0
    ? new Uint8Array(0)
    : written(putMessage(GRAPH, ...intermediates.map((name) => putMessage(GRAPH_OUTPUT, putText(VALUE_NAME, name)))))
