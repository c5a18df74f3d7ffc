"""Rigs for fault tests, all on loopback: TCP links with faults, mortal servers, a real cluster."""

from openactions_local.testing.cluster import NatsCluster, Node
from openactions_local.testing.link import Direction, Link
from openactions_local.testing.server import Server

__all__ = ["Direction", "Link", "NatsCluster", "Node", "Server"]
