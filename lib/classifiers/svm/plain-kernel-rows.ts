import type { Matrix } from "../../matrix";
import type { Kernel } from "./kernel";
import type { RowKernel } from "./kernel-tile";

/** The kernel as its formula says it, number by number: exact at every scale, and what the fast way must equal. */
export class PlainKernelRows implements RowKernel {
  readonly width: number;

  constructor(private readonly fixed: Matrix, private readonly kernel: Kernel) {
    this.width = fixed.shape[0];
  }

  fill(X: Matrix, start: number, end: number, out: Float64Array, from = 0): void {
    const { fixed, kernel, width } = this;
    const d = fixed.shape[1];
    for (let i = start; i < end; i++)
      for (let j = from; j < width; j++) {
        let sum = 0;
        for (let p = i * d, q = j * d; p < (i + 1) * d; p++, q++)
          sum += kernel.type === "linear" ? X.data[p] * fixed.data[q] : (X.data[p] - fixed.data[q]) ** 2;
        out[(i - start) * width + j] = kernel.type === "linear" ? sum : Math.exp(-kernel.gamma * sum);
      }
  }
}
