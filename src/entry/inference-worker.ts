import { serveEngine } from '../adapters/onnx/browser-worker.ts'

serveEngine()
