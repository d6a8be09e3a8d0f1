/** `README.md` of a project. */
import { torchOf } from "./optimizer.ts";
import type { Plan } from "./plan.ts";

export function readmeOf({
  model,
  optimizer,
  batchSize,
  epochs,
  dropLast,
  paritySteps,
  evaluation,
}: Plan): string {
  const last = dropLast
    ? "A last, smaller batch is left out, as it was in the export (`DROP_LAST` in recipe.py)."
    : "A last, smaller batch is trained on: each process's part of it counts by its rows. `--drop-last` leaves it out.";
  const evaluated = evaluation === null ? "" : ", then the mean loss of the rows in data/evaluation-*";
  return `# Training ${model.constructor.name} with PyTorch

A PyTorch project that goes on where a training in Flambeau stopped: the model, its weights, the optimizer's and the schedule's
state, and the rows. It needs Python from 3.8, PyTorch from ${torchOf(optimizer)} and NumPy: \`pip install -r requirements.txt\`.

| file | what it holds |
| --- | --- |
| model.py | the model and its loss |
| recipe.py | the optimizer, the schedule, sizes: what to change is here |
| train.py | the program that trains; processes.py, checkpoint.py and dataset.py are its parts |
| weights.safetensors, optimizer.pt, state.pt | where training starts |
| data/ | the rows, mapped into memory as they are used |
| parity.py, parity.json | a comparison with the first ${paritySteps} steps in Flambeau |

## First: is it the same model?

\`\`\`sh
python3 parity.py
\`\`\`

It repeats ${paritySteps} steps on the first batches, in order, and compares losses, learning rates, gradients and parameters with those that
Flambeau recorded. Dropout is off in both where there is any. The last column is what rounding does by itself.

## Train

\`\`\`sh
# One process, on the CPU or a GPU
python3 train.py --epochs ${epochs}

# One machine with 4 GPUs (or 4 processes on its CPU)
torchrun --nproc_per_node 4 train.py --epochs ${epochs}

# Two machines with 4 GPUs each: on both, with the first one's address
torchrun --nnodes 2 --nproc_per_node 4 --rdzv_id 1 --rdzv_backend c10d \\
    --rdzv_endpoint HOST:29500 train.py --epochs ${epochs}
\`\`\`

It prints the loss of each step, which losses.jsonl keeps${evaluated}. \`--batch-size\` is of one process (${batchSize} unless it is given): two processes
with batches of ${batchSize} take the steps of one process with batches of ${2 * batchSize}, within rounding. That holds for losses that are means over the
rows of a batch. It does not hold for

- batch norm, which sees the rows of its own process; on CUDA \`--sync-batch-norm\` takes the statistics of all,
- dropout, whose random numbers are others in each process,
- losses that are sums, or means of something else than rows (weights of classes, labels to ignore).

${last}

### Checkpoints

checkpoint.pt is written at the end of each epoch, or every \`--checkpoint-every\` steps, whole or not at all. A run that finds it goes on
there (\`--resume never\` begins anew, also when torchrun restarts it), within an epoch with the same rows and random numbers. So \`torchrun --max-restarts 3\` survives
a process that dies.

### Larger models

\`--fsdp\` shards parameters, gradients and the optimizer's state over the processes (PyTorch 2.1 or newer); checkpoints stay whole. The
parameters come together for each step: for a model that does not fit so, give \`FullyShardedDataParallel\` in train.py an \`auto_wrap_policy\`.
\`--compile\` compiles the model (PyTorch 2.0 or newer).

## On a cluster

Slurm: \`sbatch job.sh\`, with a folder that all nodes see.

\`\`\`sh
#!/bin/bash
#SBATCH --job-name=train
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=16
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
srun torchrun --nnodes "$SLURM_NNODES" --nproc_per_node 4 --max-restarts 3 \\
    --rdzv_id "$SLURM_JOB_ID" --rdzv_backend c10d --rdzv_endpoint "$head:29500" \\
    train.py --epochs ${epochs} --checkpoint-every 500
\`\`\`

Ray Train: each worker joins the process group that Ray has made.

\`\`\`python
import sys

from ray.train import ScalingConfig
from ray.train.torch import TorchTrainer


def work():
    sys.path.insert(0, "/shared/project")
    import train

    train.main(["--epochs", "${epochs}", "--checkpoint", "/shared/checkpoint.pt"])


TorchTrainer(work, scaling_config=ScalingConfig(num_workers=4, use_gpu=True)).fit()
\`\`\`

SageMaker: its PyTorch containers start train.py with torchrun.

\`\`\`python
from sagemaker.pytorch import PyTorch

PyTorch(
    entry_point="train.py",
    source_dir=".",
    role="ROLE",
    framework_version="2.3",
    py_version="py311",
    instance_count=2,
    instance_type="ml.g5.12xlarge",
    distribution={"torch_distributed": {"enabled": True}},
    checkpoint_s3_uri="s3://BUCKET/checkpoints",
    hyperparameters={
        "epochs": ${epochs},
        "checkpoint": "/opt/ml/checkpoints/checkpoint.pt",
        "log": "/opt/ml/checkpoints/losses.jsonl",
    },
).fit()
\`\`\`

## Back to Flambeau

\`\`\`ts
import { importPyTorch } from "@flambeau/export-pytorch";

await importPyTorch("checkpoint.pt", { model, optimizer });
\`\`\`

The weights and the optimizer's state are then those of the checkpoint; a schedule comes along with \`{ schedule }\`.
`;
}
