import type { Type } from "protobufjs/light";

/** Element types of a tensor, by their numbers in the format. */
export const ELEMENT = { float: 1, int64: 7, bool: 9, double: 11 } as const;
export type Element = keyof typeof ELEMENT;

/** Kinds of an attribute, by their numbers in the format. */
export const ATTRIBUTE = { int: 2, string: 3, tensor: 4, ints: 7, strings: 8 } as const;

const one = (id: number, type: string) => ({ id, type });
const many = (id: number, type: string) => ({ id, type, rule: "repeated" });

/** What is used of the messages of ONNX's `onnx.proto`, whose names and numbers these are. */
const FORMAT = {
  nested: {
    ModelProto: { fields: {
      irVersion: one(1, "int64"), producerName: one(2, "string"), graph: one(7, "GraphProto"),
      opsetImport: many(8, "OperatorSetIdProto"), metadataProps: many(14, "StringStringEntryProto"),
    } },
    OperatorSetIdProto: { fields: { domain: one(1, "string"), version: one(2, "int64") } },
    StringStringEntryProto: { fields: { key: one(1, "string"), value: one(2, "string") } },
    GraphProto: { fields: {
      node: many(1, "NodeProto"), name: one(2, "string"), initializer: many(5, "TensorProto"),
      input: many(11, "ValueInfoProto"), output: many(12, "ValueInfoProto"),
    } },
    NodeProto: { fields: {
      input: many(1, "string"), output: many(2, "string"), name: one(3, "string"), opType: one(4, "string"),
      attribute: many(5, "AttributeProto"), domain: one(7, "string"),
    } },
    AttributeProto: { fields: {
      name: one(1, "string"), i: one(3, "int64"), s: one(4, "bytes"), t: one(5, "TensorProto"), ints: many(8, "int64"),
      strings: many(9, "bytes"), type: one(20, "int32"),
    } },
    TensorProto: { fields: {
      dims: many(1, "int64"), dataType: one(2, "int32"), name: one(8, "string"), rawData: one(9, "bytes"),
    } },
    ValueInfoProto: { fields: { name: one(1, "string"), type: one(2, "TypeProto") } },
    TypeProto: { fields: { tensorType: one(1, "TensorTypeProto") } },
    TensorTypeProto: { fields: { elemType: one(1, "int32"), shape: one(2, "TensorShapeProto") } },
    TensorShapeProto: { fields: { dim: many(1, "DimensionProto") } },
    DimensionProto: { fields: { dimValue: one(1, "int64"), dimParam: one(2, "string") } },
  },
};

let model: Type | undefined;

/** @param content A `ModelProto` with the names above. */
export function encodeModel(content: Record<string, unknown>): Uint8Array {
  // Taken in when the first file is written, not with the library.
  const { Root } = require("protobufjs/light") as typeof import("protobufjs/light");
  model ??= Root.fromJSON(FORMAT).lookupType("ModelProto");
  return model.encode(model.fromObject(content)).finish();
}
