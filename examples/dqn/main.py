import math
from collections import deque, namedtuple

import torch
from shared.cartpole import CartPole
from torch import nn
from torch.nn import functional as F

batch_size = 128
gamma = 0.99
eps_start = 0.9
eps_end = 0.05
eps_decay = 1000
tau = 0.005
lr = 1e-3

Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))


class ReplayMemory:
    def __init__(self, capacity):
        self.memory = deque([], maxlen=capacity)

    def push(self, transition):
        self.memory.append(transition)

    def sample(self, batch_size):
        return [self.memory[i] for i in torch.randperm(len(self.memory))[:batch_size].tolist()]

    def __len__(self):
        return len(self.memory)


class DQN(nn.Module):
    def __init__(self, n_observations, n_actions):
        super().__init__()
        self.layer1 = nn.Linear(n_observations, 128)
        self.layer2 = nn.Linear(128, 128)
        self.layer3 = nn.Linear(128, n_actions)

    def forward(self, x):
        x = F.relu(self.layer1(x))
        x = F.relu(self.layer2(x))
        return self.layer3(x)


def main(run):
    torch.manual_seed(0)
    env = CartPole()
    policy_net = DQN(4, 2).to(run.device)
    target_net = DQN(4, 2).to(run.device)
    target_net.load_state_dict(policy_net.state_dict())
    optimizer = torch.optim.AdamW(policy_net.parameters(), lr=lr, amsgrad=True)
    criterion = nn.SmoothL1Loss()
    memory = ReplayMemory(10000)
    steps_done = 0

    def select_action(state):
        eps = eps_end + (eps_start - eps_end) * math.exp(-steps_done / eps_decay)
        if torch.rand(1).item() > eps:
            with torch.no_grad():
                return policy_net(state).argmax(1).view(1, 1)
        return torch.randint(2, (1, 1), device=run.device)

    def optimize_model():
        transitions = memory.sample(batch_size)
        states, actions, next_states, rewards = zip(*transitions)
        state_batch = torch.cat(states)
        action_batch = torch.cat(actions)
        reward_batch = torch.cat(rewards)
        non_final_mask = torch.tensor([s is not None for s in next_states], device=run.device)
        non_final_next_states = torch.cat([s for s in next_states if s is not None])

        # Q(s, a) of the actions that were taken, and V(s') by the older network.
        state_action_values = policy_net(state_batch).gather(1, action_batch)
        next_state_values = torch.zeros(batch_size, device=run.device)
        with torch.no_grad():
            next_state_values[non_final_mask] = target_net(non_final_next_states).amax(1)
        expected_state_action_values = next_state_values * gamma + reward_batch

        loss = criterion(state_action_values, expected_state_action_values.unsqueeze(1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(policy_net.parameters(), 100)
        optimizer.step()
        run.loss(loss)

    def update_target():
        target, policy = target_net.state_dict(), policy_net.state_dict()
        for key in policy:
            target[key] = policy[key] * tau + target[key] * (1 - tau)
        target_net.load_state_dict(target)

    durations = []
    for episode in range(run.length(150)):
        state, done = torch.tensor([env.reset()], device=run.device), False
        duration = 0
        while not done:
            action = select_action(state)
            observation, reward, terminated, truncated = env.step(action.item())
            done = terminated or truncated
            next_state = None if terminated else torch.tensor([observation], device=run.device)
            memory.push(Transition(state, action, next_state, torch.tensor([reward], device=run.device)))
            state = next_state
            steps_done += 1
            duration += 1
            if len(memory) >= batch_size:
                optimize_model()
                update_target()
        durations.append(duration)

        if (episode + 1) % 10 == 0:
            run.print(f"episode {episode + 1}: the last ten took {sum(durations[-10:]) / 10:.1f} steps")
