using System.Collections.ObjectModel;
using Congress.Data;

namespace Congress.Datasources.Drivers.Rest;

/// <summary>What a <see cref="RestDriver"/> is made of.</summary>
internal sealed record RestConfiguration
{
    /// <summary>What it reads; the tables are distinct.</summary>
    public IReadOnlyList<RestResource> Resources { get; init; } = [];

    /// <summary>What it can do; the names are distinct.</summary>
    public IReadOnlyList<RestAction> Actions { get; init; } = [];

    /// <summary>How to log in; null when the headers say enough.</summary>
    public RestLogin? Login { get; init; }

    /// <summary>The headers of all requests.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What fills the placeholders of resources and of the login.</summary>
    public IReadOnlyDictionary<string, Value> Values { get; init; } = ReadOnlyDictionary<string, Value>.Empty;

    /// <summary>What messages do not show.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>How long one request may take, with its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many redirects are followed.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>How many pages a resource may have.</summary>
    public int MaxPages { get; init; } = 1000;

    /// <summary>How many bytes the pages of a resource may have together.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;
}
