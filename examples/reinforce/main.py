import torch
from shared.cartpole import CartPole
from torch import nn
from torch.distributions import Categorical
from torch.nn import functional as F

gamma = 0.99
eps = torch.finfo(torch.float32).eps


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 128)
        self.dropout = nn.Dropout(p=0.6)
        self.affine2 = nn.Linear(128, 2)

    def forward(self, x):
        x = self.affine1(x)
        x = self.dropout(x)
        x = F.relu(x)
        return F.softmax(self.affine2(x), dim=1)


def discounted(rewards):
    """Of each step the sum of the rewards from there on, later ones worth less."""
    R, returns = 0.0, []
    for r in reversed(rewards):
        R = r + gamma * R
        returns.insert(0, R)
    return torch.tensor(returns)


def main(run):
    torch.manual_seed(543)
    env = CartPole()
    policy = Policy().to(run.device)
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)

    running_reward = 10.0
    for episode in range(run.length(500)):
        state, done = env.reset(), False
        log_probs, rewards = [], []
        while not done:
            probs = policy(torch.tensor([state], device=run.device))
            m = Categorical(probs)
            action = m.sample()
            log_probs.append(m.log_prob(action))
            state, reward, terminated, truncated = env.step(action.item())
            rewards.append(reward)
            done = terminated or truncated
        running_reward = 0.05 * len(rewards) + 0.95 * running_reward

        returns = discounted(rewards).to(run.device)
        returns = (returns - returns.mean()) / (returns.std() + eps)
        loss = -(torch.cat(log_probs) * returns).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.loss(loss)

        if (episode + 1) % 10 == 0:
            run.print(f"episode {episode + 1}: last reward {len(rewards)}, average reward {running_reward:.2f}")
        if running_reward > 475:
            run.print(f"solved: the average reward is {running_reward:.2f}")
            break
