"""train.py, but its second process is killed in the middle of the first start."""
import os
import signal
import sys

sys.path.insert(0, os.getcwd())
import train  # noqa: E402

STEP = 9
run_step = train.Training.run_step


def run_step_or_die(self, *args):
    first = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
    if self.step == STEP and os.environ["RANK"] == "1" and first:
        os.kill(os.getpid(), signal.SIGKILL)
    run_step(self, *args)


train.Training.run_step = run_step_or_die
train.main()
