/** Takes finished lines, without their newline. Where they go, and whether that worked, is not the core's affair. */
export interface LineSink {
  line(text: string): void;
}
