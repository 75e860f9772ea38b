/** Element types; the name is what onnxruntime calls them too. */
export type DType = "float32" | "int64" | "int32" | "uint8" | "bool";
