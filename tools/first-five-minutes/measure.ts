/** One of the ways by which a person comes to a first token and a first guarded call. */
export interface Path {
  id: string
  /** What is walked, and where. */
  name: string
  /** As the table shows it. */
  goal: string
  /** @throws {CannotMeasure} when this machine lacks what it needs; any other error is a failure of the path. */
  measure: () => Promise<Measured>
}

export interface Measured {
  /** As the table shows it. */
  measured: string
  /** What is beyond its goal, a sentence each; empty when all goals are reached. */
  missed: string[]
}

/** Something that must be installed first is not. */
export class CannotMeasure extends Error {}

/** A sentence when the number is beyond its goal. */
export function atMost(name: string, value: number, goal: number, unit = ''): string[] {
  return value <= goal ? [] : [`${name}: ${rounded(value)}${unit}, at most ${goal}${unit} is the goal.`]
}

export function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}
