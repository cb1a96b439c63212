/** Listeners of one kind of event. */
export interface Emitter<Value> {
  on(listener: (value: Value) => void): () => void;
  emit(value: Value): void;
}

export function createEmitter<Value>(): Emitter<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (value) => {
      for (const listener of listeners) listener(value);
    },
  };
}
