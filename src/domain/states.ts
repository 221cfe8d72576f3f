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

/** The ground on which an answer of this state was decided; undefined while it is not, or where it never was. */
export function routeOf(state: AnswerState): Route | undefined {
  switch (state) {
    case 'one-tab':
      return 'requester'
    case 'agreed':
    case 'agreed-rounding':
    case 'agreed-gpus-only':
      return 'agreement'
    case 'settled':
    case 'proven':
      return 'arithmetic'
    case 'ruled':
      return 'jury'
    case 'unresolved':
      return 'unresolved'
    case 'checking':
    case 'contested':
    case 'lost':
      return undefined
    default:
      return state satisfies never
  }
}

export type EngineKind = 'cpu' | 'gpu'
