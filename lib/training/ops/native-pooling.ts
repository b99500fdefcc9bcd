import { trialImage, type Attribute, type NativeEngine } from "./native-backend";
import type { PoolingOps } from "./ops";

/** Attributes of windows that touch and do not overlap. */
const pooling = ({ attr, T, layout }: NativeEngine, size: number): Attribute[] => [
  ...T,
  layout,
  attr.int("ksize", [1, size, size, 1]),
  attr.int("strides", [1, size, size, 1]),
  attr.string("padding", "VALID"),
];

const maxPooling = (engine: NativeEngine, size: number): Attribute[] =>
  [...pooling(engine, size), engine.attr.int("explicit_paddings", [])];

type MaxPooling = Pick<PoolingOps, "maxPool" | "maxPoolGradient">;

/** oneDNN's, which notes the winners of its windows. */
function oneDnnMaxPooling(engine: NativeEngine): MaxPooling {
  const { attr, oneDnn, one, several } = engine;
  const attrs = (size: number): Attribute[] =>
    [...maxPooling(engine, size), attr.bool("workspace_enabled", true), oneDnn];
  return {
    maxPool(x, size) {
      const [y, workspace] = several("_MklNativeMaxPool", attrs(size), [x], 2);
      return { y, workspace };
    },
    maxPoolGradient(dy, x, { y, workspace }, size) {
      if (!workspace) throw new TypeError("maxPoolGradient: pooled must come from maxPool");
      return one("_MklNativeMaxPoolGrad", attrs(size), [x, y, dy, workspace]);
    },
  };
}

/** TensorFlow's own, which looks for the winners again. */
function ownMaxPooling(engine: NativeEngine): MaxPooling {
  const { one } = engine;
  return {
    maxPool: (x, size) => ({ y: one("MaxPool", maxPooling(engine, size), [x]), workspace: null }),
    maxPoolGradient: (dy, x, { y }, size) => one("MaxPoolGrad", maxPooling(engine, size), [x, y, dy]),
  };
}

/** Pooling on the fastest kernels that run here. */
export function nativePooling(engine: NativeEngine): PoolingOps {
  const { tf, one, runs } = engine;
  const oneDnn = oneDnnMaxPooling(engine);
  const hasOneDnn = runs(() => {
    const x = trialImage(tf);
    const pooled = oneDnn.maxPool(x, 2);
    oneDnn.maxPoolGradient(pooled.y, x, pooled, 2);
  });
  return {
    ...(hasOneDnn ? oneDnn : ownMaxPooling(engine)),
    sumPool: (x, size) => tf.mul(one("AvgPool", pooling(engine, size), [x]), size * size),
  };
}
