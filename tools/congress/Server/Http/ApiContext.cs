using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Congress.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Congress.Cli.Server.Http;

/// <summary>A request, and how it is answered.</summary>
internal sealed class ApiContext(HttpContext http)
{
    private static readonly JsonDocumentOptions BodyOptions = new() { MaxDepth = 60 };   // around it a message between services has a few levels more

    public HttpContext Http => http;

    public CancellationToken Gone => http.RequestAborted;

    /// <summary>What the request is known by: one that comes again with the same key is answered as before. A key counts for one method of one resource.</summary>
    public string RequestId => field ??= http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key
        ? key.Length <= 150 ? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n{key}")).AsSpan(0, 16)).ToString()
        : throw new ApiException(ApiError.BadRequest, $"the Idempotency-Key has {key.Length} characters; expected at most 150")
        : Guid.NewGuid().ToString();

    /// <summary>The version of the policies that the answer must have, at least.</summary>
    public long MinVersion => Number("min_version", 0, 0, long.MaxValue);

    /// <summary>Who asks.</summary>
    public Asker Asker => http.Items[typeof(Asker)] as Asker ?? Asker.Anybody;

    /// <summary>Makes sure that who asks may do what a role does.</summary>
    /// <exception cref="ApiException">It may not.</exception>
    public void Require(Role role)
    {
        if (Asker.Role < role)
        {
            throw new ApiException(ApiError.Forbidden, $"expected the role {role.ToString().ToLowerInvariant()}");
        }
    }

    /// <summary>A part of the path.</summary>
    public string Path(string name) => (string)http.GetRouteValue(name)!;

    /// <summary>An argument of the query; the last, when it is there more than once. Null when it is not there.</summary>
    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>An argument of the query that is a number.</summary>
    public long Number(string name, long otherwise, long least, long most) => Query(name) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ApiException(ApiError.BadRequest, $"'{name}' is '{text}'; expected an integer from {least} to {most}");

    /// <summary>Reads the body, which must say that it is JSON.</summary>
    public Task<ApiBody> ReadBodyAsync()
    {
        var type = http.Request.ContentType;
        var media = type?.Split(';')[0].Trim();
        if (!string.Equals(media, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(ApiError.BadRequest, "Unsupported Content-Type; must be 'application/json'");
        }

        var charset = type!.Split(';').Skip(1).Select(p => p.Trim()).FirstOrDefault(p => p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))?[8..].Trim('"');
        return charset is null || string.Equals(charset, "utf-8", StringComparison.OrdinalIgnoreCase)
            ? ReadAnyBodyAsync()
            : throw new ApiException(ApiError.BadRequest, "Unsupported charset: must be 'UTF-8'");
    }

    /// <summary>Reads the body as JSON, whatever it says of itself.</summary>
    public async Task<ApiBody> ReadAnyBodyAsync()
    {
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, Gone).ConfigureAwait(false);
            var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
            if (!Utf8.IsValid(bytes.Span))
            {
                throw new ApiException(ApiError.BadRequest, "Failed to parse body as application/json: it is not UTF-8");
            }

            CheckTexts(bytes.Span);
            using var document = JsonDocument.Parse(bytes, BodyOptions);
            return new(document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new ApiException(ApiError.BadRequest, $"Failed to parse body as application/json: {exception.Message}", inner: exception);
        }
        catch (BadHttpRequestException exception)
        {
            throw new ApiException(exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiError.TooLarge : ApiError.BadRequest, exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the body is larger than {http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize} bytes" : exception.Message, inner: exception);
        }
    }

    /// <summary>Makes sure that escapes in texts are characters: half a character of UTF-16 would be noticed only when the text is read.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = BodyOptions.MaxDepth });
        while (reader.Read())
        {
            try
            {
                _ = reader.ValueIsEscaped ? reader.GetString() : null;
            }
            catch (InvalidOperationException exception)
            {
                throw new ApiException(ApiError.BadRequest, $"Failed to parse body as application/json: {exception.Message}", inner: exception);
            }
        }
    }

    /// <summary>Answers.</summary>
    public async Task AnswerAsync<T>(T answer, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        if (answer is ApiAnswer { PolicyVersion: > 0 and var version })
        {
            http.Response.Headers["Policy-Version"] = version.ToString(CultureInfo.InvariantCulture);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=UTF-8";
        await JsonSerializer.SerializeAsync(http.Response.Body, answer, type, Gone).ConfigureAwait(false);
    }

    /// <summary>Answers that something was created.</summary>
    /// <param name="answer">What.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="path">Where it is.</param>
    public Task CreatedAsync<T>(T answer, JsonTypeInfo<T> type, string path)
    {
        http.Response.Headers.Location = $"{http.Request.Scheme}://{http.Request.Host}{(path.All(c => c is > ' ' and < (char)127) ? path : Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal))}";
        return AnswerAsync(answer, type, StatusCodes.Status201Created);
    }

    /// <summary>Answers with a text of JSON.</summary>
    public Task AnswerAsync(string json, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=UTF-8";
        return http.Response.WriteAsync(json, Gone);
    }

    /// <summary>Answers with an error.</summary>
    public async Task FailAsync(ApiException failure)
    {
        http.Response.StatusCode = failure.Error.Status;
        http.Response.ContentType = "application/json; charset=UTF-8";
        if (failure.RetryAfter is { } after)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await using var json = new Utf8JsonWriter(http.Response.Body);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", failure.Message);
        json.WriteNumber("error_code", failure.Error.Number);
        json.WriteString("error_data", failure.ErrorData);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
