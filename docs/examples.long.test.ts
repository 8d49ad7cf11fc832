// The same with the pages of an operator's commands.
import './examples.test.ts'
