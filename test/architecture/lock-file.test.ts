import { describe, expect, test } from 'vitest'
import { textOf } from './sources.ts'

interface Locked {
  readonly resolved?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

describe('the lock file', () => {
  const text = textOf('package-lock.json')
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Locked>> }

  test('names no host, so that any registry serves it', () => {
    expect(Object.keys(packages).length).toBeGreaterThan(100)
    expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(text).not.toMatch(/"https?:\/\/[^"]*\/-\/[^"]*\.tgz"/)
  })

  test('lists what other platforms need too: npm ci refuses it otherwise, and npm i leaves out what a mirror lacks', () => {
    const named = Object.values(packages).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !locked.has(name))).toEqual([])
  })
})
