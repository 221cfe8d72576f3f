import type { ReactiveControllerHost } from 'lit'
import { fault } from '../../domain/fault.ts'
import type { Screen } from '../route.ts'
import { Task } from './task.ts'

const loadModels = () => import('../models/screens.ts')
const loadDisputes = () => import('../disputes/screens.ts')
const loadCharter = () => import('../charter/screens.ts')
const loadAuthority = () => import('../authority/screens.ts')

/** Screens that most people come to after they have asked: what is not here yet delays no answer. */
const LOADERS: Readonly<Partial<Record<Screen['name'], () => Promise<unknown>>>> = {
  'models': loadModels,
  'model': loadModels,
  'add': loadModels,
  'peers': () => import('../moot-peers.ts'),
  'disputes': loadDisputes,
  'dispute': loadDisputes,
  'case': loadDisputes,
  'charter': loadCharter,
  'charter-text': loadCharter,
  'amend': loadCharter,
  'defaults': loadCharter,
  'authority': loadAuthority,
  'measure': loadAuthority,
  'device': () => import('../moot-device.ts'),
  'verify': () => import('../moot-verify.ts'),
}

/** Loads the elements of a screen when it is first shown; renders its host again once they are there, or could not be had. */
export class OnDemand {
  readonly #loaded = new Set<unknown>()
  readonly #loading: Task<void>

  constructor(host: ReactiveControllerHost) {
    this.#loading = new Task<void>(host)
  }

  /** Whether a screen can be shown. */
  has(name: Screen['name']): boolean {
    return LOADERS[name] === undefined || this.#loaded.has(LOADERS[name])
  }

  /** The wait has become long enough to show. */
  get slow(): boolean {
    return this.#loading.slow
  }

  /** Why the last screen that was wanted is not here. */
  get fault(): Task<void>['fault'] {
    return this.#loading.fault
  }

  /** Resolves once the screen can be shown, or it is known that it cannot. Never rejects. */
  async load(name: Screen['name']): Promise<void> {
    const loader = LOADERS[name]
    if (loader === undefined) return
    await this.#loading.run(async () => {
      await loader().catch((error: unknown) => {
        throw fault({ code: 'UNREACHABLE', peer: 'this screen', why: String(error) })
      })
      this.#loaded.add(loader)
    })
  }
}
