/**
 * Real models that lie beside the project, where they lie at all, and the hash of what the canon computes for each on
 * inputs of seed 3: `hashTensors` of the outputs. Made with onnxruntime-web 1.30.0 in Node on x86-64; every engine on
 * every machine must give them.
 */
export const CANONICAL_OUTPUTS = {
  conv1d_bug: '4b398335764454b098c5ecc6c34ea63454d92e9a4b51a452e06b31268fc6140b',
  mnist: '4fe5b3aad4acca97dd164949803e2e7c41cec27d30fcb61487b4a4be28f17be4',
  silero_vad_16k_op15: '657d54296124e769f5bb3e9211d1b205bce44ac41c86ab17ec649947eb3ef410',
  squeezenet_fp16: '4be1e899868ebf3c06118d1bfe77f0c92c0308102d4d1f5b20c23caa9a3b8b88',
  squeezenet_fp32: '4083460dd6b664357c210ce9a316ece0e0ac4e823be298e0c184bbad74bd0f5f',
  squeezenet_qlinear: '8fdce8a78d0d6bb7cbd91e21f67a557a56085a5ec2210cd350f0763aeb18d423',
} as const

export type RealModel = keyof typeof CANONICAL_OUTPUTS

export const REAL_MODELS: readonly RealModel[] = [
  'conv1d_bug',
  'mnist',
  'silero_vad_16k_op15',
  'squeezenet_fp16',
  'squeezenet_fp32',
  'squeezenet_qlinear',
]

/** Sizes of free dimensions that a model runs on. */
export const SIZES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  silero_vad_16k_op15: { input: [1, 512], state: [2, 1, 128] },
}

/** The hash of what versions of the canon compute for `normalised` on inputs of seed 3. */
export const NORMALISED_BY = {
  '1.30.0': '6d654536d41202634eadb3b14a4d6e6471f0a34ec43c3598e50149eb12e5bef9',
  '1.22.0': '42cfce09fbd8ae0a6f4f3ff8ccde8ab5392d953df26397468dd4abc63e08d38d',
} as const
