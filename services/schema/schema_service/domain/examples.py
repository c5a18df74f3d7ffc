"""Documents to begin with."""

from dataclasses import dataclass

from schema_service.domain.errors import ExampleUnknown


@dataclass(frozen=True, slots=True)
class Example:
    key: str
    title: str
    media_type: str
    text: str


WEATHER = Example(
    "weather",
    "Weather (JSON)",
    "application/json",
    """\
{
  "openapi": "3.1.0",
  "info": {
    "title": "Get weather data",
    "description": "Tells the weather of the moment at a place.",
    "version": "v1.0.0"
  },
  "servers": [
    {
      "url": "https://weather.example.com"
    }
  ],
  "paths": {
    "/location": {
      "get": {
        "description": "Get the temperature at a place",
        "operationId": "GetCurrentWeather",
        "parameters": [
          {
            "name": "location",
            "in": "query",
            "description": "City and state whose weather is wanted",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "deprecated": false
      }
    }
  },
  "components": {
    "schemas": {}
  }
}
""",
)

PET_STORE = Example(
    "pet_store",
    "Pet Store (YAML)",
    "application/yaml",
    """\
# A shop for pets: read-only, so that nothing can be bought by mistake.
openapi: "3.1.0"
info:
  title: Pet Store
  description: Looks up pets and how many of them are in stock.
  license:
    name: Apache 2.0
    url: https://www.apache.org/licenses/LICENSE-2.0.html
  version: 1.0.0
servers:
  - url: https://petstore.swagger.io/v2
paths:
  /store/inventory:
    get:
      operationId: getInventory
      summary: Count the pets of each status
      responses:
        "200":
          description: How many pets there are, by status
          content:
            application/json:
              schema:
                type: object
                additionalProperties:
                  type: integer
                  format: int32
  /pet/findByStatus:
    get:
      operationId: findPetsByStatusPending
      summary: Find the pets whose sale is pending
      parameters:
        - name: status
          in: query
          description: The status that is looked for
          schema:
            type: string
            default: pending
            enum:
              - pending
      responses:
        "200":
          description: The pets found
          content:
            application/json:
              schema:
                type: array
                items:
                  $ref: "#/components/schemas/Pet"
        "400":
          description: There is no such status
  /pet/{petId}:
    get:
      operationId: getPetById
      summary: Read one pet
      parameters:
        - name: petId
          in: path
          description: The number of the pet
          required: true
          schema:
            type: integer
            format: int64
            default: 1
      responses:
        "200":
          description: The pet
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Pet"
        "404":
          description: There is no such pet
components:
  schemas:
    Category:
      type: object
      properties:
        id:
          type: integer
          format: int64
        name:
          type: string
    Tag:
      type: object
      properties:
        id:
          type: integer
          format: int64
        name:
          type: string
    Pet:
      type: object
      required:
        - name
        - photoUrls
      properties:
        id:
          type: integer
          format: int64
        name:
          type: string
        category:
          $ref: "#/components/schemas/Category"
        photoUrls:
          type: array
          items:
            type: string
        tags:
          type: array
          items:
            $ref: "#/components/schemas/Tag"
        status:
          type: string
          description: Where its sale stands
          enum:
            - available
            - pending
            - sold
""",
)

BLANK = Example(
    "blank",
    "Blank template",
    "application/json",
    """\
{
  "openapi": "3.1.0",
  "info": {
    "title": "Untitled",
    "description": "What your API does",
    "version": "v1.0.0"
  },
  "servers": [
    {
      "url": ""
    }
  ],
  "paths": {},
  "components": {
    "schemas": {}
  }
}
""",
)

EXAMPLES = (WEATHER, PET_STORE, BLANK)


def example_named(key: str) -> Example:
    for example in EXAMPLES:
        if example.key == key:
            return example
    raise ExampleUnknown([example.key for example in EXAMPLES])
