/** `authority-tea-room-3f9a61c0.csv`. */
export const exportName = (room: string, root: string, kind: 'json' | 'csv'): string =>
  `authority-${room.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40)}-${root.slice(0, 8)}.${kind}`
