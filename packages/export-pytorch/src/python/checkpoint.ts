/** `checkpoint.py`: what writes and reads checkpoints. */
export const checkpoint: string = `"""Checkpoints: everything that training goes on from, in one file."""
import os

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

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
    """A state without the functions that some schedules keep in theirs."""
    if isinstance(state, dict):
        return {key: plain(x) for key, x in state.items() if not callable(x)}
    return [plain(x) for x in state] if isinstance(state, list) else state


def unwrapped(model):
    """The model itself, without what compiles it and what spreads it."""
    model = getattr(model, "_orig_mod", model)
    return model.module if isinstance(model, DistributedDataParallel) else model


def is_sharded(model):
    return type(model).__name__ == "FullyShardedDataParallel"


def model_and_optimizer_states(model, optimizer):
    """Both state dicts, whole, in rank 0; every process has to call it."""
    model = unwrapped(model)
    if not is_sharded(model):
        return model.state_dict(), optimizer.state_dict()
    from torch.distributed import fsdp

    FSDP = fsdp.FullyShardedDataParallel
    with FSDP.state_dict_type(
        model,
        fsdp.StateDictType.FULL_STATE_DICT,
        fsdp.FullStateDictConfig(offload_to_cpu=True, rank0_only=True),
        fsdp.FullOptimStateDictConfig(offload_to_cpu=True, rank0_only=True),
    ):
        state = FSDP.optim_state_dict(model, optimizer)
        if rank() == 0:
            by_number = fsdp.api.OptimStateKeyType.PARAM_ID
            state = FSDP.rekey_optim_state_dict(state, by_number, model)
        return model.state_dict(), state


def load_optimizer(model, optimizer, state):
    """Loads a whole state dict, which every process has."""
    model = unwrapped(model)
    if not is_sharded(model):
        optimizer.load_state_dict(state)
        return
    from torch.distributed import fsdp

    FSDP = fsdp.FullyShardedDataParallel
    with FSDP.state_dict_type(model, fsdp.StateDictType.FULL_STATE_DICT):
        by_name = fsdp.api.OptimStateKeyType.PARAM_NAME
        state = FSDP.rekey_optim_state_dict(state, by_name, model)
        state = FSDP.optim_state_dict_to_load(model, optimizer, state)
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
