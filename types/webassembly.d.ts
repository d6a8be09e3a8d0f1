/** WebAssembly's JavaScript interface, as far as cpu-backend uses it (see encoding.d.ts for why it is declared here). */
declare namespace WebAssembly {
  type Callable = (...parameters: never) => unknown;
  type ImportValue = Memory | Table | Global | Callable | number | bigint;
  type Imports = Record<string, Record<string, ImportValue>>;
  type Exports = Record<string, Callable | Memory | Table | Global>;

  class Module {
    constructor(bytes: ArrayBufferView<ArrayBuffer> | ArrayBuffer);
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(delta: number): number;
  }

  class Table {
    constructor(descriptor: { element: "anyfunc"; initial: number; maximum?: number });
    readonly length: number;
    get(index: number): Callable | null;
    set(index: number, value: Callable | null): void;
    grow(delta: number): number;
  }

  class Global {
    constructor(
      descriptor: { value: "i32" | "i64" | "f32" | "f64"; mutable?: boolean },
      value?: number | bigint,
    );
    value: number | bigint;
  }

  function validate(bytes: ArrayBufferView<ArrayBuffer> | ArrayBuffer): boolean;
}
