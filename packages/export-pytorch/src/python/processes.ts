/** `processes.py`: what joins processes. */
export const processes: string = `"""The processes that train together, and what each of them does."""
import os

import torch
import torch.distributed as dist
from torch.utils.data import DistributedSampler


def join_processes():
    """Joins the processes that torchrun started, and gives this one's device."""
    local = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cpu")
    if torch.cuda.is_available():
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    if "WORLD_SIZE" in os.environ and not is_distributed():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return device


def is_distributed():
    return dist.is_available() and dist.is_initialized()


def rank():
    return dist.get_rank() if is_distributed() else 0


def world_size():
    return dist.get_world_size() if is_distributed() else 1


def gathered(value):
    """A list of what each process has."""
    if not is_distributed():
        return [value]
    values = [None] * world_size()
    dist.all_gather_object(values, value)
    return values


def summed(x):
    """The sum over all processes."""
    x = x.detach().clone()
    if is_distributed():
        dist.all_reduce(x)
    return x


def batches_of(dataset, batch_size, drop_last=False, **order):
    """This process's batches of an epoch: its rows, and what they weigh.

    Those of all processes together are the batches of a single one that takes as many
    rows. Weights are a batch's part of the rows, times the number of processes. Where
    rows run out, a process has fewer, or one again whose weight is 0.
    """
    world = world_size()
    epoch = order.pop("epoch", 0)
    sampler = DistributedSampler(dataset, world, rank(), **order)
    sampler.set_epoch(epoch)
    rows = list(sampler)
    batches = []
    for start in range(0, len(rows), batch_size):
        together = min(len(dataset) - start * world, batch_size * world)
        if drop_last and together < batch_size * world:
            break
        mine = len(range(rank(), together, world))
        weight = mine * world / together
        end = start + max(mine, 1)
        batches.append((rows[start:end], weight))
    return batches
`;
