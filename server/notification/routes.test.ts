import { testGuard } from '../testing/guarded-cases.ts'

// What the list holds is tested where events are made: signature/routes.test.ts.
testGuard({ method: 'GET', url: '/notification/events', scope: 'event', otherScope: 'identify' })
