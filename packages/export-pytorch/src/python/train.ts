/** `train.py`: the program that trains. */
export const train: string = String.raw`"""Trains the model of this folder, in one process or under torchrun.

python3 train.py --epochs 3
torchrun --nproc_per_node 2 train.py --epochs 3
"""
import argparse
import json
import os

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torch.utils.data import DataLoader

import checkpoint
import recipe
from processes import batches_of, is_distributed, join_processes
from processes import rank, summed, world_size


def parse_args(argv):
    parser = argparse.ArgumentParser(description="Trains the model of this folder.")
    add = parser.add_argument
    add("--epochs", type=int, help=f"{recipe.EPOCHS}, unless --steps is given")
    add("--steps", type=int, help="stop after so many steps in all")
    add("--batch-size", type=int, default=recipe.BATCH_SIZE, help="rows per process")
    add("--drop-last", action="store_true", help="leave out a last, smaller batch")
    add("--no-shuffle", action="store_true", help="take the rows in order")
    add("--seed", type=int, help="of the order of rows and of random numbers")
    add("--lr", type=float, help="learning rate of all groups; without a schedule only")
    add("--checkpoint", default=str(recipe.HERE / "checkpoint.pt"))
    add("--checkpoint-every", type=int, metavar="STEPS", help="default: each epoch")
    add("--resume", default="auto", help="auto, never, or the path of a checkpoint")
    add("--log", default=str(recipe.HERE / "losses.jsonl"))
    add("--log-every", type=int, default=1, metavar="STEPS")
    add("--eval-every", type=int, metavar="STEPS", help="default: at the end")
    add("--workers", type=int, default=0, help="processes that load data")
    add("--sync-batch-norm", action="store_true", help="CUDA only")
    add("--fsdp", action="store_true", help="shard the model; from PyTorch 2.1 on")
    add("--compile", action="store_true", help="torch.compile; from PyTorch 2.0 on")
    args = parser.parse_args(argv)
    args.drop_last = args.drop_last or recipe.DROP_LAST
    if args.epochs is None and args.steps is None:
        args.epochs = recipe.EPOCHS
    if args.compile and not hasattr(torch, "compile"):
        parser.error(f"--compile takes PyTorch 2.0; this is {torch.__version__}")
    if args.fsdp and tuple(map(int, torch.__version__.split(".")[:2])) < (2, 1):
        parser.error(f"--fsdp takes PyTorch 2.1; this is {torch.__version__}")
    if args.fsdp and "WORLD_SIZE" not in os.environ:
        parser.error("--fsdp shards over processes: start them with torchrun")
    if args.sync_batch_norm and not torch.cuda.is_available():
        parser.error("--sync-batch-norm takes CUDA")
    return args


class Training:
    """A model, what trains it, and how far it is."""

    def __init__(self, args, device):
        self.args = args
        self.device = device
        self.epoch = self.batch = self.step = 0
        # The sum of the losses of the epoch's rows so far, and how many these are.
        self.totals = torch.zeros(2, dtype=torch.float64, device=device)
        self.data = recipe.open_data("train")
        model = recipe.build_trained_model()
        start = recipe.load_start()
        saved = self.read_checkpoint()
        if saved is not None:
            model.load_state_dict(saved["model"])
        self.model = self.spread(model.to(device))
        self.optimizer = recipe.build_optimizer(checkpoint.unwrapped(self.model))
        self.schedule = recipe.build_schedule(self.optimizer)
        # After the schedule, which sets learning rates when it is made.
        state = start["optimizer"] if saved is None else saved["optimizer"]
        checkpoint.load_optimizer(self.model, self.optimizer, state)
        if self.schedule is not None:
            state = start["scheduler"] if saved is None else saved["scheduler"]
            checkpoint.load_schedule(self.schedule, state)
        if saved is None:
            self.begin(start)
        else:
            self.go_on(saved)
        if args.compile:
            self.model = torch.compile(self.model)

    def spread(self, model):
        if self.args.sync_batch_norm:
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        if self.args.fsdp:
            from torch.distributed.fsdp import FullyShardedDataParallel

            device_id = self.device if self.device.type == "cuda" else None
            return FullyShardedDataParallel(
                model, use_orig_params=True, device_id=device_id
            )
        if not is_distributed():
            return model
        return DistributedDataParallel(
            model, find_unused_parameters=recipe.HAS_UNUSED_PARAMETERS
        )

    def begin(self, start):
        if self.args.lr is not None:
            if self.schedule is not None:
                raise SystemExit("--lr: the schedule sets it; change recipe.py")
            for group in self.optimizer.param_groups:
                group["lr"] = self.args.lr
        seed = recipe.SEED if self.args.seed is None else self.args.seed
        torch.manual_seed(seed + rank())
        # One process draws on where the export stopped.
        if self.args.seed is None and rank() == 0:
            torch.set_rng_state(start["random"])
        if rank() == 0:
            open(self.args.log, "w").close()

    @property
    def settings(self):
        """What a checkpoint in the middle of an epoch depends on."""
        args = self.args
        seed = recipe.SEED if args.seed is None else args.seed
        rows = args.batch_size * world_size()
        return {"rows per step": rows, "seed": seed, "shuffle": not args.no_shuffle}

    def read_checkpoint(self):
        path = self.args.resume
        if path == "auto":
            path = self.args.checkpoint if os.path.exists(self.args.checkpoint) else ""
        if path in ("", "never"):
            return None
        return torch.load(path, "cpu")

    def go_on(self, saved):
        self.epoch, self.batch = saved["epoch"], saved["batch"]
        self.step = saved["step"]
        if self.batch > 0 and saved["settings"] != self.settings:
            raise SystemExit(
                f"the checkpoint is within an epoch of {saved['settings']}, "
                f"this run has {self.settings}: give the same, or --resume never"
            )
        states = saved["random"]
        if len(states) == world_size():
            checkpoint.set_random_states(states[rank()], self.device)
        else:
            torch.manual_seed(self.settings["seed"] + self.step + rank())
        if rank() == 0:
            self.totals += torch.tensor(saved["totals"], device=self.device)
            self.keep_log()
            print(f"goes on after step {self.step}, epoch {self.epoch}", flush=True)

    def keep_log(self):
        """Takes the lines of later steps, which come again, out of the log."""
        lines = []
        if os.path.exists(self.args.log):
            with open(self.args.log) as file:
                lines = [line for line in file if line.endswith("\n")]
        with open(self.args.log, "w") as file:
            file.writelines(x for x in lines if json.loads(x)["step"] <= self.step)

    def save(self):
        checkpoint.save(
            self.args.checkpoint,
            self.model,
            self.optimizer,
            self.schedule,
            self.device,
            epoch=self.epoch,
            batch=self.batch,
            step=self.step,
            totals=summed(self.totals).tolist(),
            settings=self.settings,
            metadata=recipe.METADATA,
        )

    def is_done(self):
        steps, epochs = self.args.steps, self.args.epochs
        if steps is not None and self.step >= steps:
            return True
        return epochs is not None and self.epoch >= epochs

    def run(self):
        while not self.is_done():
            self.run_epoch()
        self.save()
        self.evaluate()

    def loader(self, data, batches):
        # A generator of its own: loading data draws none of the model's numbers.
        return DataLoader(
            data,
            batch_size=None,
            sampler=[rows for rows, _ in batches],
            num_workers=self.args.workers,
            generator=torch.Generator().manual_seed(0),
            pin_memory=self.device.type == "cuda",
        )

    def run_epoch(self):
        batches = batches_of(
            self.data,
            self.args.batch_size,
            self.args.drop_last,
            epoch=self.epoch,
            seed=self.settings["seed"],
            shuffle=not self.args.no_shuffle,
        )
        if not batches:
            raise SystemExit("--drop-last: there are not rows enough for one batch")
        done = self.batch
        rest = batches[done:]
        for batch, (rows, weight) in zip(self.loader(self.data, rest), rest):
            self.run_step(batch, len(rows), weight)
            if self.batch == len(batches):
                self.end_epoch()
            every = self.args.checkpoint_every
            if self.step % every == 0 if every else self.batch == 0:
                self.save()
            if self.args.eval_every and self.step % self.args.eval_every == 0:
                self.evaluate()
            if self.is_done():
                break

    def run_step(self, batch, rows, weight):
        self.model.train()
        self.optimizer.zero_grad()
        batch = [x.to(self.device, non_blocking=True) for x in batch]
        loss = recipe.batch_loss(self.model, batch)
        # Gradients are averaged over processes; so weighted, over rows.
        (loss * weight).backward()
        self.optimizer.step()
        self.step += 1
        self.batch += 1
        rate = self.optimizer.param_groups[0]["lr"]
        if self.schedule is not None and recipe.SCHEDULE_STEP == "batch":
            self.schedule.step()
        rows = rows if weight > 0 else 0
        self.totals[0] += loss.detach() * rows
        self.totals[1] += rows
        if self.step % self.args.log_every == 0:
            mean = summed(loss * weight).item() / world_size()
            self.log(step=self.step, epoch=self.epoch, loss=mean, lr=rate)

    def end_epoch(self):
        loss, rows = summed(self.totals).tolist()
        self.totals.zero_()
        self.epoch += 1
        self.batch = 0
        if self.schedule is None or recipe.SCHEDULE_STEP == "batch":
            return
        if isinstance(self.schedule, ReduceLROnPlateau):
            self.schedule.step(loss / rows)
        else:
            self.schedule.step()

    @torch.no_grad()
    def evaluate(self):
        """Logs the mean loss of the rows that are kept for it."""
        data = recipe.open_data("evaluation")
        if data is None:
            return
        self.model.eval()
        batches = batches_of(data, self.args.batch_size, shuffle=False)
        total = torch.zeros((), dtype=torch.float64, device=self.device)
        for batch, (rows, weight) in zip(self.loader(data, batches), batches):
            batch = [x.to(self.device) for x in batch]
            loss = recipe.batch_loss(self.model, batch)
            if weight > 0:
                total += loss * len(rows)
        mean = summed(total).item() / len(data)
        self.log(step=self.step, epoch=self.epoch, evaluation=mean)

    def log(self, **numbers):
        if rank() > 0:
            return
        print("  ".join(f"{key} {x:.6g}" for key, x in numbers.items()), flush=True)
        with open(self.args.log, "a") as file:
            file.write(json.dumps(numbers) + "\n")


def main(argv=None):
    args = parse_args(argv)
    # Others may have joined them already, as Ray does.
    is_own = not is_distributed()
    device = join_processes()
    try:
        Training(args, device).run()
    finally:
        if is_own and is_distributed():
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
