import type { Runtime } from '../runtime.ts'

/** A machine whose clocks the test moves. */
export interface Machine extends Runtime {
  /** The pauses that the SDK made; each moved the clocks instead of waiting. */
  pauses: number[]
  advance: (ms: number) => void
  /** Moves the wall clock alone, as a sleeping laptop or its owner does. */
  shiftWall: (ms: number) => void
}

export function createMachine(): Machine {
  let wall = 1_800_000_000_000
  let monotonic = 5000.125
  const machine: Machine = {
    pauses: [],
    now: () => wall,
    monotonicNow: () => monotonic,
    random: () => 0.5,
    variables: () => ({}),
    readFile: async () => {
      throw new Error('This machine has no files.')
    },
    readFileNow: () => {
      throw new Error('This machine has no files.')
    },
    windows: false,
    async sleep(ms) {
      machine.pauses.push(ms)
      machine.advance(ms)
    },
    advance(ms) {
      wall += ms
      monotonic += ms
    },
    shiftWall(ms) {
      wall += ms
    },
  }
  return machine
}
