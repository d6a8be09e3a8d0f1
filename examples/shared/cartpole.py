"""A pole on a cart, which is pushed to the left or to the right: Gym's CartPole-v1, after Barto, Sutton and Anderson (1983)."""

import math

import torch

gravity = 9.8
mass_cart = 1.0
mass_pole = 0.1
total_mass = mass_pole + mass_cart
length = 0.5  # half of the pole's
pole_mass_length = mass_pole * length
force_mag = 10.0
tau = 0.02  # seconds between states
theta_threshold = 12 * 2 * math.pi / 360
x_threshold = 2.4
max_steps = 500


class CartPole:
    def reset(self):
        """Starts an episode, near the middle and nearly upright, from the default generator."""
        start = torch.rand(4, dtype=torch.float64) * 0.1 - 0.05
        self.state = start.tolist()
        self.steps = 0
        return self.state

    def step(self, action):
        """Pushes to the left (0) or to the right (1): the next state, the reward, whether it fell, whether it stood for 500 steps."""
        x, x_dot, theta, theta_dot = self.state
        force = force_mag if action == 1 else -force_mag
        cos_theta = math.cos(theta)
        sin_theta = math.sin(theta)
        temp = (force + pole_mass_length * theta_dot * theta_dot * sin_theta) / total_mass
        theta_acc = (gravity * sin_theta - cos_theta * temp) / (length * (4 / 3 - mass_pole * cos_theta * cos_theta / total_mass))
        x_acc = temp - pole_mass_length * theta_acc * cos_theta / total_mass
        x += tau * x_dot
        x_dot += tau * x_acc
        theta += tau * theta_dot
        theta_dot += tau * theta_acc
        self.state = [x, x_dot, theta, theta_dot]
        self.steps += 1
        terminated = abs(x) > x_threshold or abs(theta) > theta_threshold
        return self.state, 1.0, terminated, self.steps >= max_steps
