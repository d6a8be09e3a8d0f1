/** Where a module lies: what the CPU device needs to start a worker beside it (see encoding.d.ts for why it is declared here). */
declare class URL {
  constructor(url: string, base: string);
  readonly protocol: string;
  readonly href: string;
}

interface ImportMeta {
  readonly url: string;
}
