using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>What the driver says of requests that fail: method, URL, status and how the answer begins, without the secrets.</summary>
internal sealed class RestWords(Secrets secrets, TimeProvider time)
{
    private const int Shown = 200;

    /// <summary>A sentence about a request.</summary>
    public string Of(RestRequest request, string problem) => secrets.Hide($"{request.Method} {request.Url.AbsoluteUri}: {problem}");

    /// <summary>An answer that is no success.</summary>
    public string Status(RestAnswer answer) =>
        Of(answer.Request, string.Create(CultureInfo.InvariantCulture, $"status {(int)answer.Status} {Phrase(answer.Status)}{Beginning(answer.Body)}"));

    /// <summary>An answer that says that nothing was done.</summary>
    public DriverException Refused(RestAnswer answer) => new(Status(answer))
    {
        RetryAfter = answer.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? Wait(answer.Headers.RetryAfter) : null,
    };

    /// <summary>Reads the body of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isSecret">Whether nobody may see how it begins, as it may have a token that we could not find.</param>
    /// <exception cref="DriverException">It is not JSON; the message says where.</exception>
    public JsonDocument Json(RestAnswer answer, bool isSecret = false)
    {
        try
        {
            return JsonDocument.Parse(answer.Body);
        }
        catch (JsonException e)
        {
            var message = e.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            var place = answer.Body.IsEmpty ? "the answer is empty"
                : string.Create(CultureInfo.InvariantCulture, $"the answer is not JSON at line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {message}");
            throw new DriverException(Of(answer.Request, $"{place}{(isSecret ? "" : Beginning(answer.Body))}"), e);
        }
    }

    /// <summary>What a seconds or date header asks us to wait; null when it says nothing.</summary>
    private TimeSpan? Wait(RetryConditionHeaderValue? after)
    {
        var wait = after?.Delta ?? (after?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // The secrets are hidden before the text is cut, or half of one would be shown.
    private string Beginning(ReadOnlyMemory<byte> body)
    {
        var text = secrets.Hide(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, RestClient.ErrorBytes)]));
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "" : $"; it says: {(line.Length <= Shown ? line : line[..Shown] + "...")}";
    }

    private static string Phrase(HttpStatusCode status) => Enum.IsDefined(status) ? status.ToString() : "";
}
