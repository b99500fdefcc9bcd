/** @returns {number} threads that share the work of one operation of TensorFlow, as lib/tensorflow.ts has it */
export const threads = () => Number(process.env.TF_NUM_INTRAOP_THREADS || 2);

/** @returns {string} how TensorFlow's factors are rounded: float32 unless the environment asks for less */
export const precision = () => (process.env.ONEDNN_DEFAULT_FPMATH_MODE || "float32").toLowerCase();
