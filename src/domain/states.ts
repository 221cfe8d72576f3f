/** What an answer is, in the order in which it can become so. The only names used in code, JSON and on screen. */
export type AnswerState =
  | 'one-tab'
  | 'checking'
  | 'agreed'
  | 'agreed-rounding'
  | 'agreed-gpus-only'
  | 'contested'
  | 'settled'
  | 'proven'
  | 'ruled'
  | 'unresolved'
  | 'lost'

/** The ground on which a decision was settled. */
export type Route = 'arithmetic' | 'agreement' | 'jury' | 'rule' | 'default' | 'timeout' | 'requester' | 'unresolved'

export type EngineKind = 'cpu' | 'gpu'
