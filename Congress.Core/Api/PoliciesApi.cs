using System.Text.Json;
using Congress.Data;
using Congress.Policies.Catalog;
using Congress.Policies.Library;
using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>Policies: <c>/v1/policies</c>.</summary>
/// <param name="calls">Calls the engines and the library.</param>
public sealed class PoliciesApi(ApiCalls calls)
{
    private const int LongestName = 255;

    /// <summary>Lists all policies.</summary>
    public async Task<Listing<PolicyResource>> ListAsync(long minVersion = 0, CancellationToken cancellationToken = default)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.ReadCatalog, new(MinVersion: minVersion), null, cancellationToken).ConfigureAwait(false);
        return new([.. answer.Policies.Select(p => PolicyResource.Of(p))]) { PolicyVersion = answer.Version };
    }

    /// <summary>Finds a policy, by name or identity.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<PolicyResource> GetAsync(string nameOrId, long minVersion = 0, CancellationToken cancellationToken = default)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.ReadCatalog, new(nameOrId, MinVersion: minVersion), null, cancellationToken).ConfigureAwait(false);
        return answer.Policies is [var policy] ? PolicyResource.Of(policy) with { PolicyVersion = answer.Version }
            : throw new ApiException(ApiError.NotFoundThere, $"No policy found with name or id {nameOrId}");
    }

    /// <summary>Creates a policy, with rules or without.</summary>
    /// <param name="body">What it is.</param>
    /// <param name="requestId">What the request is known by: one that comes again is answered as before.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">It makes no sense, or its name is taken.</exception>
    public Task<PolicyResource> CreateAsync(ApiBody body, string requestId, CancellationToken cancellationToken = default)
    {
        if (body.Json.ValueKind == JsonValueKind.Array && body.Json.GetArrayLength() == 0)
        {
            throw new ApiException(ApiError.NoName);
        }

        body.Object();
        if (body.Find("name") is null or { ValueKind: JsonValueKind.Null } || (body.Find("rules") is null && body.Find("name") is { ValueKind: JsonValueKind.String } empty && empty.ValueEquals("")))
        {
            throw new ApiException(ApiError.NoName);
        }

        // 0 and false are nothing in Python, and an empty abbreviation is one.
        var abbreviation = body.Find("abbreviation") switch
        {
            null or { ValueKind: JsonValueKind.Null or JsonValueKind.False } => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var n) && n == 0 => null,
            { ValueKind: JsonValueKind.String } text when text.GetString()!.Length <= 5 => text.GetString(),
            _ => throw new ApiException(ApiError.Abbreviation),
        };
        if (body.Find("rules") is not null)
        {
            PolicySchema.Check(body);
        }

        var policy = new LibraryPolicy(
            "", body.Text("name", LongestName)!, abbreviation ?? "", body.Text("description") ?? "", body.Text("kind") ?? "nonrecursive", PolicySchema.RulesOf(body));
        return CreateAsync(policy, abbreviation, body.Find("rules") is not null, requestId, cancellationToken);
    }

    /// <summary>Creates a policy as one of the library has it.</summary>
    /// <param name="libraryPolicy">The identity of the library's.</param>
    /// <param name="body">Nothing.</param>
    /// <param name="requestId">What the request is known by.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">There is no such policy in the library, or a policy has its name.</exception>
    public async Task<PolicyResource> CreateFromLibraryAsync(string libraryPolicy, ApiBody body, string requestId, CancellationToken cancellationToken = default)
    {
        var isEmpty = body.Json.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => true,
            JsonValueKind.Object => !body.Json.EnumerateObject().Any(),
            JsonValueKind.Array => body.Json.GetArrayLength() == 0,
            _ => false,
        };
        if (!isEmpty)
        {
            throw new ApiException(ApiError.BadInput, "body must be empty when a policy is made from the library");
        }

        var library = await calls.AskAsync(LibraryService.ServiceName, LibraryService.List, true, cancellationToken: cancellationToken).ConfigureAwait(false);
        var policy = library.FirstOrDefault(p => p.Id == libraryPolicy) ?? throw new ApiException(ApiError.NotFound, $"No policy found with policy id {libraryPolicy}");
        return await CreateAsync(policy, policy.Abbreviation, withRules: true, requestId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a policy, by name or identity.</summary>
    /// <returns>What it was.</returns>
    /// <exception cref="ApiException">There is none, or it is the system's.</exception>
    public async Task<PolicyResource> DeleteAsync(string nameOrId, string requestId, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await calls.AskEngineAsync(EngineMethods.DeletePolicy, new(requestId, nameOrId), requestId, cancellationToken).ConfigureAwait(false);
            return answer.Policies is [var policy] ? PolicyResource.Of(policy) with { PolicyVersion = answer.Version } : throw new ApiException(ApiError.NotFound, $"Policy Name or ID '{nameOrId}' does not exist");
        }
        catch (ApiException exception) when (exception.Error == ApiError.NoPolicy)
        {
            throw new ApiException(ApiError.NotFound, $"Policy Name or ID '{nameOrId}' does not exist", inner: exception);
        }
    }

    private async Task<PolicyResource> CreateAsync(LibraryPolicy policy, string? abbreviation, bool withRules, string requestId, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<PolicyKind>(policy.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind) || char.IsAsciiDigit(policy.Kind[0]))
        {
            throw new ApiException(ApiError.BadInput, $"Unknown kind of policy: {policy.Kind}; expected one of {string.Join(", ", Enum.GetNames<PolicyKind>()).ToLowerInvariant()}");
        }

        var record = new PolicyRecord(Guid.NewGuid().ToString(), policy.Name, kind, abbreviation ?? policy.Name[..Math.Min(5, policy.Name.Length)], policy.Description, "user");
        var rules = policy.Rules.Select(r => new RuleRecord(Guid.NewGuid().ToString(), policy.Name, r.Rule, r.Name, r.Comment ?? "")).ToArray();
        var answer = await calls.AskEngineAsync(EngineMethods.CreatePolicy, new(requestId, record, rules), requestId, cancellationToken).ConfigureAwait(false);
        return PolicyResource.Of(answer.Policies[0], withRules ? [.. answer.Rules.Select(r => new RuleInPolicy(RuleText.Layout(r.Text), r.Comment ?? "", r.Name))] : null) with { PolicyVersion = answer.Version };
    }
}
