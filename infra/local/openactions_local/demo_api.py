"""A small weather-and-pets API for the tour: a real server with a key, kept in memory.

The embedded platform allows calls to exactly its origin on loopback (`demo_origin`).
"""

import base64
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from openactions_local.demo_origin import DOMAIN, HOST, PORT, allowed_origin, origin

__all__ = ["API_KEY", "DOMAIN", "HOST", "PORT", "allowed_origin", "build", "document", "origin"]
API_KEY = "demo-key-for-the-tour"

_DOCUMENT = """\
openapi: 3.1.0
info:
  title: Weather and pets
  description: A small demo API. All its data is made up.
  version: {version}
servers:
  - url: {origin}
paths:
  /weather/{city}:
    get:
      operationId: getWeather
      summary: The weather in a city
      parameters:
        - name: city
          in: path
          required: true
          description: The city's name
          schema: {type: string}
        - name: units
          in: query
          schema: {type: string, enum: [celsius, fahrenheit], default: celsius}
      responses:
        "200":
          description: The weather now
          content:
            application/json:
              schema:
                type: object
                properties:
                  city: {type: string}
                  temperature: {type: number}
                  units: {type: string}
                  sky: {type: string}
  /pets:
    post:
      operationId: addPet
      summary: Register a pet
      x-openai-isConsequential: false
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pet"}
      responses:
        "201":
          description: The pet as registered
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Pet"}
components:
  schemas:
    Pet:
      type: object
      required: [name, species]
      properties:
        name: {type: string}
        species: {type: string, enum: [cat, dog, fish]}
        age: {type: integer, minimum: 0}
"""


def document(port: int = PORT, version: str = "1.0.0") -> str:
    """The API's OpenAPI document, as a builder would paste it (YAML)."""
    return _DOCUMENT.replace("{origin}", origin(port)).replace("{version}", version)


def build() -> Starlette:
    pets: list[dict[str, Any]] = []

    async def weather(request: Request) -> Response:
        if not _knows_the_key(request):
            return _unauthorised()
        units = request.query_params.get("units", "celsius")
        city = request.path_params["city"]
        temperature = 7 + sum(city.encode()) % 20
        shown = temperature if units == "celsius" else round(temperature * 9 / 5 + 32)
        return JSONResponse({"city": city, "temperature": shown, "units": units, "sky": "clear"})

    async def add_pet(request: Request) -> Response:
        if not _knows_the_key(request):
            return _unauthorised()
        pet = {"id": len(pets) + 1, **orjson.loads(await request.body())}
        pets.append(pet)
        return JSONResponse(pet, 201)

    async def openapi(request: Request) -> Response:
        port = request.url.port or PORT
        return Response(document(port), media_type="application/yaml")

    return Starlette(
        routes=[
            Route("/weather/{city}", weather),
            Route("/pets", add_pet, methods=["POST"]),
            Route("/openapi.yaml", openapi),
        ]
    )


def _knows_the_key(request: Request) -> bool:
    sent = request.headers.get("authorization", "")
    basic = "Basic " + base64.b64encode(f"demo:{API_KEY}".encode()).decode()
    return sent in (f"Bearer {API_KEY}", basic) or request.headers.get("x-api-key") == API_KEY


def _unauthorised() -> Response:
    return JSONResponse({"error": "wrong or missing API key"}, 401)
