/** The forms of a callable, read off its type: its signatures (packages/tensor/src/call/signature.ts) and what they say. */
import { join } from "node:path";
import { schemaOf } from "@flambeau/tensor";
import ts from "typescript";
import { root } from "../paths.ts";

/** One parameter of a form. */
export interface FormParameter {
  readonly name: string;
  readonly optional: boolean;
  /** As it is written in TypeScript. */
  readonly initial: string | undefined;
  readonly type: ts.Type | undefined;
  /** The docstring of the option of that name, else that of all parameters of the name (packages/tensor/src/call/labels.ts). */
  readonly text: string;
}

/** One way to call it. */
export interface CallForm {
  readonly parameters: readonly FormParameter[];
  /** How many of them can be given by position. */
  readonly positional: number;
  /** Nothing for a constructor. */
  readonly result: ts.Type | undefined;
}

/** Reads the forms of a program's callables. */
export class FormReader {
  readonly checker: ts.TypeChecker;
  readonly #labels: ts.SymbolTable;

  constructor(program: ts.Program) {
    this.checker = program.getTypeChecker();
    const file = program.getSourceFile(join(root, "packages/tensor/src/call/labels.ts")) as ts.SourceFile;
    const labels = this.checker.getSymbolAtLocation(file)?.exports?.get("Labels" as ts.__String);
    this.#labels = labels?.members as ts.SymbolTable;
  }

  /** The forms of a value: none where it is no callable. An overloaded one has the signatures of all. */
  ofValue(symbol: ts.Symbol): CallForm[] {
    const type = this.checker.getTypeOfSymbol(this.#resolved(symbol));
    const mark = type.getProperty("signature");
    if (mark === undefined) return [];
    const signatures = this.checker.getTypeOfSymbol(mark).getProperties();
    const calls = type.getCallSignatures().slice(-signatures.length);
    return signatures.flatMap(({ name }, i) => {
      if (!/^\w+\(.*\)$/.test(name)) return [];
      const args = this.checker.getTypeOfSymbol(calls[i].parameters[0]);
      return [this.#form(name, args, calls[i].getReturnType())];
    });
  }

  /** The forms of what takes `...args: Args<typeof LINEAR, LinearOptions>`, or one of several such. */
  ofDeclaration(declaration: ts.SignatureDeclaration): CallForm[] {
    const rest = declaration.parameters.at(-1);
    if (rest?.dotDotDotToken === undefined || rest.type === undefined) return [];
    return this.#arguments(rest.type).flatMap((node) => {
      const signature = this.checker.getTypeFromTypeNode(node.typeArguments?.[0] as ts.TypeNode);
      if (!signature.isStringLiteral()) return [];
      const result = ts.isConstructorDeclaration(declaration)
        ? undefined
        : this.checker.getSignatureFromDeclaration(declaration)?.getReturnType();
      return [this.#form(signature.value, this.checker.getTypeFromTypeNode(node), result)];
    });
  }

  #resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The `Args<...>` that a type names, be it through an alias or as one of several. */
  #arguments(node: ts.TypeNode): ts.TypeReferenceNode[] {
    if (ts.isUnionTypeNode(node)) return node.types.flatMap((part) => this.#arguments(part));
    if (!ts.isTypeReferenceNode(node)) return [];
    if (node.typeName.getText() === "Args") return [node];
    const symbol = this.checker.getSymbolAtLocation(node.typeName);
    const alias = symbol && this.#resolved(symbol).declarations?.find(ts.isTypeAliasDeclaration);
    return alias === undefined ? [] : this.#arguments(alias.type);
  }

  #form(signature: string, args: ts.Type, result: ts.Type | undefined): CallForm {
    const { params, positional } = schemaOf(signature);
    const options = this.#options(args);
    const parameters = params.map(({ name, optional, initial }) => {
      const property = options?.getProperty(name);
      return {
        name,
        optional,
        initial: initial === undefined ? undefined : written(initial),
        type: property && this.checker.getTypeOfSymbol(property),
        text: this.#text(property) || this.#text(this.#labels.get(name as ts.__String)),
      };
    });
    return { parameters, positional, result };
  }

  /** The object that has all arguments by name: the one argument of one of the ways to give them. */
  #options(args: ts.Type): ts.Type | undefined {
    for (const tuple of args.isUnion() ? args.types : [args]) {
      const [element, ...others] = this.checker.getTypeArguments(tuple as ts.TypeReference);
      const labels = (tuple as ts.TupleTypeReference).target.labeledElementDeclarations;
      if (others.length === 0 && labels?.[0]?.name.getText() === "options")
        return this.checker.getNonNullableType(element);
    }
    return undefined;
  }

  #text(symbol: ts.Symbol | undefined): string {
    return ts.displayPartsToString(symbol?.getDocumentationComment(this.checker));
  }
}

/** A call of a function as it is written: `sum(input, dim?, keepdim = false, { dtype? })`. */
export function writtenCall(name: string, form: CallForm): string {
  return `${name}(${writtenParameters(form).join(", ")})`;
}

/** As `writtenCall`, on as many lines as it takes not to be wider than a page. */
export function brokenCall(name: string, form: CallForm): string {
  const whole = writtenCall(name, form);
  if (whole.length <= 60) return whole;
  const lines: string[] = [];
  for (const parameter of writtenParameters(form)) {
    const longer = `${lines.at(-1)} ${parameter},`;
    if (lines.length > 0 && longer.length <= 68) lines[lines.length - 1] = longer;
    else lines.push(`  ${parameter},`);
  }
  return `${name}(\n${lines.join("\n").slice(0, -1)}\n)`;
}

function writtenParameters({ parameters, positional }: CallForm): string[] {
  const all = parameters.map(({ name, optional, initial }) =>
    initial !== undefined ? `${name} = ${initial}` : optional ? `${name}?` : name,
  );
  const byName = all.slice(positional);
  return [...all.slice(0, positional), ...(byName.length > 0 ? [`{ ${byName.join(", ")} }`] : [])];
}

/** A default as it is written; small numbers with an exponent. */
function written(initial: unknown): string {
  const isSmall = typeof initial === "number" && initial !== 0 && Math.abs(initial) < 1e-3;
  return isSmall ? initial.toExponential() : JSON.stringify(initial);
}
