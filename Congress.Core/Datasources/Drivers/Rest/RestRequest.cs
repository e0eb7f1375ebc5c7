using System.Net;
using System.Net.Http.Headers;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>A request to send.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">Where to.</param>
internal sealed record RestRequest(HttpMethod Method, Uri Url)
{
    /// <summary>Headers besides those of the session.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The most bytes of an answer that are read; 0 when only its status counts.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Whether it is an action, which is sent over a connection of its own and never again by anything below us.</summary>
    public bool IsAction { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Request">The request, with the URL that answered.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, or what was read of it.</param>
internal sealed record RestAnswer(RestRequest Request, HttpStatusCode Status, HttpResponseHeaders Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>When the system says that what it sent was changed last.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether the status is one of success.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
