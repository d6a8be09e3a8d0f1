import { imageModels } from "./images.ts";
import type { Models } from "./model.ts";
import { sequenceModels } from "./sequences.ts";
import { tableModels } from "./tables.ts";

export const models: Models = { ...tableModels, ...imageModels, ...sequenceModels };
