/** A name for each number of an image, row-major, channels last: `pixel 3,14`, or `pixel 3,14 red`. */
export function pixelNames(height: number, width: number, channels: readonly string[] = [""]): string[] {
  const names: string[] = [];
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) for (const channel of channels) names.push(`pixel ${i},${j} ${channel}`.trimEnd());
  return names;
}
