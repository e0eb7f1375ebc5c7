using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Congress.Cli.Server.Http;

/// <summary>The API as an OpenAPI 3.1 document, made from the table of routes: what is served is what is described.</summary>
internal static class OpenApiDocument
{
    /// <summary>The resource that shows the document; it describes itself, too.</summary>
    public static Resource Of(IReadOnlyList<Resource> others)
    {
        byte[] document = [];
        var resource = new Resource("/openapi.json")
        {
            Get = new("Shows this document.", Role.Anybody, async c =>
            {
                c.Http.Response.ContentType = "application/json; charset=UTF-8";
                await c.Http.Response.Body.WriteAsync(document, c.Gone);
            }),
        };
        document = Write([.. others, resource]);
        return resource;
    }

    private static byte[] Write(IReadOnlyList<Resource> resources)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("openapi", "3.1.0");
            json.WriteStartObject("info");
            json.WriteString("title", "Congress");
            json.WriteString("summary", "Policy as a service.");
            json.WriteString("version", "1");
            json.WriteEndObject();
            json.WriteStartObject("paths");
            foreach (var resource in resources.Where(r => r.Endpoints.Any()))
            {
                WritePath(json, resource);
            }

            json.WriteEndObject();
            WriteComponents(json);
            json.WriteStartArray("security");
            foreach (var scheme in new[] { "bearer", "token" })
            {
                json.WriteStartObject();
                json.WriteStartArray(scheme);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }

    private static void WritePath(Utf8JsonWriter json, Resource resource)
    {
        json.WriteStartObject(resource.Pattern);
        var parameters = resource.Pattern.Split('/').Where(p => p.StartsWith('{')).Select(p => p.Trim('{', '}')).ToArray();
        if (parameters.Length > 0)
        {
            json.WriteStartArray("parameters");
            foreach (var parameter in parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", parameter);
                json.WriteString("in", "path");
                json.WriteBoolean("required", true);
                WriteSchema(json, "string");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        foreach (var (method, endpoint) in resource.Endpoints)
        {
            WriteOperation(json, resource, method, endpoint);
        }

        json.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter json, Resource resource, string method, Endpoint endpoint)
    {
        json.WriteStartObject(method.ToLowerInvariant());
        json.WriteString("summary", endpoint.Summary);
        json.WriteString("operationId", $"{method.ToLowerInvariant()}{string.Concat(resource.Pattern.Split(['/', '.', '-']).Where(p => p.Length > 0)
            .Select(p => p[0] == '{' ? $"By{char.ToUpperInvariant(p[1])}{p[2..^1]}" : $"{char.ToUpperInvariant(p[0])}{p[1..]}"))}");
        if (endpoint.Role == Role.Anybody)
        {
            json.WriteStartArray("security");
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("x-role", endpoint.Role.ToString().ToLowerInvariant());
        }

        if (HttpMethods.IsPost(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method))
        {
            json.WriteStartObject("requestBody");
            WriteContent(json, "application/json");
            json.WriteEndObject();
        }

        json.WriteStartObject("responses");
        json.WriteStartObject("2XX");
        json.WriteString("description", "It is done.");
        WriteContent(json, resource.Pattern switch { "/metrics" => "text/plain", "/v1/events" => "text/event-stream", _ => "application/json" });
        json.WriteEndObject();
        json.WriteStartObject("default");
        json.WriteString("$ref", "#/components/responses/Error");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json) => json.WriteRawPropertyValue("components", """
        {
          "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
          },
          "responses": {
            "Error": {"description": "It is not done, or not known to be.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
          },
          "schemas": {
            "Error": {
              "type": "object",
              "required": ["error"],
              "properties": {
                "error": {
                  "type": "object",
                  "required": ["message", "error_code", "error_data"],
                  "properties": {
                    "message": {"type": "string", "description": "What is wrong, where, and what was expected."},
                    "error_code": {"type": "integer", "description": "A number of Congress (1000 to 1022), or the HTTP status."},
                    "error_data": {"type": ["string", "null"], "description": "More for programs."}
                  }
                }
              }
            }
          }
        }
        """);

    private static void WriteContent(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject("content");
        json.WriteStartObject(type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject("schema");
        json.WriteString("type", type);
        json.WriteEndObject();
    }

    private static void WriteRawPropertyValue(this Utf8JsonWriter json, string name, string value)
    {
        using var document = JsonDocument.Parse(value);   // so that it is written without line breaks, as all else
        json.WritePropertyName(name);
        document.RootElement.WriteTo(json);
    }
}
