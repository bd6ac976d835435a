/**
 * What teaches Node 20 to read TypeScript; from Node 22.18 on there is nothing to teach, and `stop` does nothing.
 *
 * It looks at every module that is loaded. Before something large and written in JavaScript is loaded, it is stopped.
 */
export const loader: { stop: () => void | Promise<void> } = { stop: () => {} }
