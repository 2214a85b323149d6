// What a careful person writes by hand for exactly these routes: the floor that everything is measured against.
const json = (status, body) => ({
  statusCode: status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const route = (method, path, event) => {
  if (method === 'GET') {
    if (path === '/health') return json(200, { ok: true });
    const [, first, id, rest] = path.split('/');
    if (id !== undefined && rest === undefined) {
      switch (first) {
        case 'r0':
        case 'r1':
        case 'r2':
        case 'r3':
        case 'r4':
        case 'r5':
        case 'r6':
        case 'r7':
        case 'r8':
        case 'r9':
        case 'r10':
        case 'r11':
        case 'r12':
        case 'r13':
        case 'r14':
        case 'r15':
        case 'r16':
        case 'r17':
        case 'r18':
        case 'r19':
        case 'r20':
        case 'r21':
        case 'r22':
        case 'r23':
        case 'r24':
        case 'r25':
        case 'r26':
        case 'r27':
        case 'r28':
        case 'r29':
        case 'r30':
        case 'r31':
        case 'r32':
        case 'r33':
        case 'r34':
        case 'r35':
        case 'r36':
        case 'r37':
        case 'r38':
        case 'r39':
        case 'r40':
        case 'r41':
        case 'r42':
        case 'r43':
        case 'r44':
        case 'r45':
        case 'r46':
        case 'r47':
        case 'r48':
        case 'r49':
          return json(200, { id: decodeURIComponent(id) });
        default:
      }
    }
  }
  if (method === 'POST' && path === '/orders') {
    const body = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body);
    return json(200, { id: body.id, items: body.items.length });
  }
  return json(404, { error: 'Route not found' });
};

const one = (state) => {
  state.one = 1;
};
const two = (state) => {
  state.two = 2;
};
const three = (state) => {
  state.three = 3;
};

const methodOf = (event) => event.httpMethod ?? event.requestContext.http.method;
const pathOf = (event) => event.path ?? event.rawPath;

export const handler = async (event) => route(methodOf(event), pathOf(event), event);
export const withMiddleware = async (event) => {
  const state = {};
  one(state);
  two(state);
  three(state);
  return methodOf(event) === 'GET' && pathOf(event) === '/health'
    ? json(200, { ok: state.three === 3 })
    : json(404, { error: 'Route not found' });
};
