/** `checkpoint.py`: what writes and reads checkpoints. */
export const checkpoint: string = `"""Checkpoints: everything that training goes on from, in one file."""
import os
from collections import Counter

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import MultiStepLR

from processes import gathered, is_distributed, rank


def random_states(device):
    """The states of this process's random numbers."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    return states


def set_random_states(states, device):
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda" and "cuda" in states:
        torch.cuda.set_rng_state(states["cuda"], device)


def plain(state):
    """A state of dictionaries, lists and numbers, without a schedule's functions."""
    if isinstance(state, dict):
        return {key: plain(x) for key, x in state.items() if not callable(x)}
    return [plain(x) for x in state] if isinstance(state, list) else state


def load_schedule(schedule, state):
    schedule.load_state_dict(state)
    for part in getattr(schedule, "_schedulers", []):
        load_schedule(part, part.state_dict())
    if isinstance(schedule, MultiStepLR):
        schedule.milestones = Counter(schedule.milestones)


def is_sharded(model):
    return type(model).__name__ == "FullyShardedDataParallel"


def spread(model):
    """What spreads the model over processes, or the model, without what compiles it."""
    return getattr(model, "_orig_mod", model)


def unwrapped(model):
    """The model itself."""
    model = spread(model)
    is_wrapped = isinstance(model, DistributedDataParallel) or is_sharded(model)
    return model.module if is_wrapped else model


def with_keys(state, keys):
    """An optimizer's state with other keys for its parameters."""
    groups = [
        {**group, "params": [keys[key] for key in group["params"]]}
        for group in state["param_groups"]
    ]
    return {
        "state": {keys[key]: x for key, x in state["state"].items()},
        "param_groups": groups,
    }


def model_and_optimizer_states(model, optimizer):
    """Both state dicts, whole, in rank 0; every process has to call it."""
    sharded = spread(model)
    if not is_sharded(sharded):
        return unwrapped(model).state_dict(), optimizer.state_dict()
    from torch.distributed import fsdp

    with fsdp.FullyShardedDataParallel.state_dict_type(
        sharded,
        fsdp.StateDictType.FULL_STATE_DICT,
        fsdp.FullStateDictConfig(offload_to_cpu=True, rank0_only=True),
        fsdp.FullOptimStateDictConfig(offload_to_cpu=True, rank0_only=True),
    ):
        weights = sharded.state_dict()
        state = fsdp.FullyShardedDataParallel.optim_state_dict(sharded, optimizer)
    if rank() == 0:
        names = [name for group in state["param_groups"] for name in group["params"]]
        state = with_keys(state, {name: i for i, name in enumerate(names)})
    return weights, state


def load_optimizer(model, optimizer, state):
    """Loads a whole state dict, which every process has."""
    sharded = spread(model)
    if is_sharded(sharded):
        from torch.distributed import fsdp

        names = {x: name for name, x in unwrapped(model).named_parameters()}
        params = [x for group in optimizer.param_groups for x in group["params"]]
        state = with_keys(state, {i: names[x] for i, x in enumerate(params)})
        FSDP = fsdp.FullyShardedDataParallel
        with FSDP.state_dict_type(sharded, fsdp.StateDictType.FULL_STATE_DICT):
            state = FSDP.optim_state_dict_to_load(sharded, optimizer, state)
    optimizer.load_state_dict(state)


def save(path, model, optimizer, schedule, device, **rest):
    """Writes a checkpoint, whole or not at all; every process has to call it."""
    states = gathered(random_states(device))
    weights, optimizer_state = model_and_optimizer_states(model, optimizer)
    if rank() == 0:
        content = {
            "model": weights,
            "optimizer": optimizer_state,
            "random": states,
            **rest,
        }
        if schedule is not None:
            content["scheduler"] = plain(schedule.state_dict())
        temporary = f"{path}.tmp"
        with open(temporary, "wb") as file:
            torch.save(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    if is_distributed():
        dist.barrier()
`;
