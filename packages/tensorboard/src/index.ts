/**
 * Event files that TensorBoard shows, as torch.utils.tensorboard writes them.
 *
 * @module
 */
export { SummaryWriter, type SummaryWriterOptions } from "./writer.ts";
