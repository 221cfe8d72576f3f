import type { Reporter, TestModule } from 'vitest/node'

/** Counts what passed, failed and was skipped: each test, each module that could not run, each check that is one command. */
export class Tally implements Reporter {
  passed = 0
  failed = 0
  skipped = 0

  count(ok: boolean): void {
    if (ok) this.passed++
    else this.failed++
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    this.failed += errors.length
    for (const module of modules) {
      this.failed += module.errors().length
      for (const suite of module.children.allSuites()) this.failed += suite.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'skipped') this.skipped++
        else this.count(state === 'passed')
      }
    }
  }

  /** `N passed, N failed`, and `, N skipped` where any were. */
  get line(): string {
    return `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`
  }
}
