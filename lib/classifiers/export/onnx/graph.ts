import { ATTRIBUTE, ELEMENT, encodeModel, type Element } from "./messages";

/** Numbers of a constant with a shape; `[]` is a single number. */
export interface Tensor {
  readonly element: keyof typeof BYTES;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

const constantOf = (element: Tensor["element"]) => (values: ArrayLike<number>, ...shape: number[]): Tensor =>
  ({ element, shape, values });
export const doubles = constantOf("double");
export const floats = constantOf("float");
export const integers = constantOf("int64");

type Attribute = number | string | Tensor | readonly number[] | readonly string[];

const BYTES = { float: 4, double: 8, int64: 8 };

/** Little-endian, as the format wants it on any machine. */
function bytesOf({ element, values }: Tensor): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * BYTES[element]));
  for (let i = 0; i < values.length; i++)
    if (element === "double") view.setFloat64(8 * i, values[i], true);
    else if (element === "float") view.setFloat32(4 * i, values[i], true);
    else view.setBigInt64(8 * i, BigInt(values[i]), true);
  return new Uint8Array(view.buffer);
}

const tensorOf = (tensor: Tensor, name = ""): Record<string, unknown> =>
  ({ name, dims: [...tensor.shape], dataType: ELEMENT[tensor.element], rawData: bytesOf(tensor) });

function attributeOf(name: string, value: Attribute): Record<string, unknown> {
  const text = (word: string): Uint8Array => Buffer.from(word);
  if (typeof value === "number") return { name, type: ATTRIBUTE.int, i: value };
  if (typeof value === "string") return { name, type: ATTRIBUTE.string, s: text(value) };
  if ("element" in value) return { name, type: ATTRIBUTE.tensor, t: tensorOf(value) };
  return typeof value[0] === "string"
    ? { name, type: ATTRIBUTE.strings, strings: (value as readonly string[]).map(text) }
    : { name, type: ATTRIBUTE.ints, ints: [...value] };
}

/** A named value of the graph: an input, or what a node or a constant gives. */
export interface Value {
  readonly name: string;
  readonly element: Element;
}

const info = ({ name, element }: Value, shape: readonly (number | string)[]): Record<string, unknown> => ({
  name,
  type: { tensorType: { elemType: ELEMENT[element], shape: {
    dim: shape.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size })) } } },
});

/** Nodes of an ONNX model in the order in which they are computed. */
export class OnnxGraph {
  private readonly nodes: Record<string, unknown>[] = [];
  private readonly constants: Record<string, unknown>[] = [];

  /**
   * @param op Name of an operator of ONNX's default domain.
   * @param element Of its output; that of the first input unless told.
   */
  node(op: string, inputs: readonly (Value | Tensor)[], attributes: Record<string, Attribute> = {},
    element?: Element): Value {
    const values = inputs.map((input) => ("shape" in input ? this.constant(input) : input));
    const name = `v${this.nodes.length}`;
    this.add(op, values, [name], attributes);
    return { name, element: element ?? values[0].element };
  }

  /** An operator of the domain `ai.onnx.ml` that gives a label and scores. */
  labeller(op: string, input: Value, attributes: Record<string, Attribute>): { label: Value; scores: Value } {
    const name = `v${this.nodes.length}`;
    this.add(op, [input], [`${name}l`, `${name}s`], attributes, "ai.onnx.ml");
    return { label: { name: `${name}l`, element: "int64" }, scores: { name: `${name}s`, element: "float" } };
  }

  private constant(tensor: Tensor): Value {
    const name = `c${this.constants.length}`;
    this.constants.push(tensorOf(tensor, name));
    return { name, element: tensor.element };
  }

  private add(opType: string, inputs: readonly Value[], output: string[], attributes: Record<string, Attribute>,
    domain = ""): void {
    this.nodes.push({ opType, domain, name: `n${this.nodes.length}`, input: inputs.map(({ name }) => name), output,
      attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)) });
  }

  /**
   * The file.
   *
   * @param outputs With the name that each goes by outside, and its shape.
   */
  encode(name: string, input: { value: Value; shape: readonly (number | string)[] },
    outputs: readonly { value: Value; name: string; shape: readonly (number | string)[] }[],
    metadata: Record<string, string>): Uint8Array {
    for (const { value, name: outside } of outputs) this.add("Identity", [value], [outside], {});
    return encodeModel({
      irVersion: 8,
      producerName: "knowledge-hacking",
      opsetImport: [{ domain: "", version: 13 }, { domain: "ai.onnx.ml", version: 3 }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: { name, node: this.nodes, initializer: this.constants, input: [info(input.value, input.shape)],
        output: outputs.map(({ value: { element }, name: to, shape }) => info({ name: to, element }, shape)) },
    });
  }
}
