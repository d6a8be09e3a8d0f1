"""What is trained and how, as it was exported."""
from pathlib import Path

import torch
from torch.optim import lr_scheduler

from dataset import ShardDataset, read_safetensors
from model import build_model, loss_fn

HERE = Path(__file__).resolve().parent
EPOCHS = 10
BATCH_SIZE = 8
DROP_LAST = False
SEED = 0
# The tensors of a row. The model takes the first INPUTS, the loss the others.
COLUMNS = ["input", "target"]
INPUTS = 1
# When the schedule goes on: after each "batch" or each "epoch".
SCHEDULE_STEP = "batch"
# Whether there are parameters that the loss does not depend on.
HAS_UNUSED_PARAMETERS = False
_, METADATA = read_safetensors(HERE / "weights.safetensors")


def build_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.8)


def build_schedule(optimizer):
    return lr_scheduler.CyclicLR(
        optimizer, base_lr=0.01, max_lr=0.1, step_size_up=4, step_size_down=6
    )


def build_trained_model():
    """Makes the model with the weights of the export."""
    model = build_model()
    model.load_state_dict(read_safetensors(HERE / "weights.safetensors")[0])
    return model


def load_start():
    """What training starts from beside the weights."""
    optimizer = torch.load(HERE / "optimizer.pt")
    rest = torch.load(HERE / "state.pt")
    return {"optimizer": optimizer, **rest}


def open_data(name):
    """The rows "train" or "evaluation", None where there are none."""
    data = ShardDataset(HERE / "data", name, COLUMNS)
    return data if data.shards else None


def batch_loss(model, batch):
    inputs = batch[:INPUTS]
    return loss_fn(model(*inputs), *(batch[INPUTS:] or inputs))
