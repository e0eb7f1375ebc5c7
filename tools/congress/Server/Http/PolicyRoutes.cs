using Congress.Api;
using Congress.Policies.Serving;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>Policies, what would be in them, and their violations.</summary>
internal static class PolicyRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
    {
        yield return new("/v1/policies")
        {
            Get = new("Lists all policies.", Role.Reader, async c => await c.AnswerAsync(await api.Policies.ListAsync(c.MinVersion, c.Gone), Default.ListingPolicyResource)),
            Post = new("Creates a policy, with rules or without; from the library with library_policy.", Role.Author, async c =>
            {
                var policy = c.Query("library_policy") is { } library
                    ? await api.Policies.CreateFromLibraryAsync(library, await c.ReadBodyAsync(), c.RequestId, c.Gone)
                    : await api.Policies.CreateAsync(await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(policy, Default.PolicyResource, $"/v1/policies/{policy.Id}");
            }),
        };
        yield return new("/v1/policies/{policy}")
        {
            Get = new("Shows a policy.", Role.Reader, async c => await c.AnswerAsync(await api.Policies.GetAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.PolicyResource)),
            Delete = new("Deletes a policy with its rules.", Role.Author,
                async c => await c.AnswerAsync(await api.Policies.DeleteAsync(c.Path("policy"), c.RequestId, c.Gone), Default.PolicyResource)),
            Post = new("Answers what would be (action=simulate), previews a change (action=preview), or acts (action=execute).", Role.Reader, c => Routes.ActionOf(c) switch
            {
                "simulate" => SimulateAsync(api, c),
                "preview" => PreviewAsync(api, c),
                "execute" => ActionRoutes.ExecuteAsync(c, body => api.Actions.ExecuteAsync(body, c.RequestId, c.Asker.Name, c.Gone)),
                _ => throw new ApiException(ApiError.NoMethod),
            }),
        };
        yield return new("/v1/policies/{policy}/status", IsElement: true)
        {
            Get = new("Tells how a policy is.", Role.Reader, async c => await c.AnswerAsync(await api.Status.PolicyAsync(c.Path("policy"), c.Gone), Default.PolicyStatusResource)),
        };
        yield return new("/v1/policies/{policy}/why")
        {
            Get = new("Tells why a row is in its table: row=error(\"vm-1\").", Role.Reader, c => ExplainAsync(api, c, isAbsence: false)),
        };
        yield return new("/v1/policies/{policy}/whynot")
        {
            Get = new("Tells why a row is not in its table: row=error(\"vm-1\"), where _ stands for any value.", Role.Reader, c => ExplainAsync(api, c, isAbsence: true)),
        };
        yield return new("/v1/policies/{policy}/violations")
        {
            Get = new("Lists the violations of a policy.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.ViolationsAsync(c.Path("policy"), c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ViolationsAnswer)),
        };
        yield return new("/v1/violations")
        {
            Get = new("Lists all violations.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.ViolationsAsync(null, c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ViolationsAnswer)),
        };
    }

    private static async Task SimulateAsync(Apis api, ApiContext c) => await c.AnswerAsync(
        await api.WhatIf.SimulateAsync(c.Path("policy"), await c.ReadAnyBodyAsync(), IsSet(c.Query("delta")), IsSet(c.Query("trace")), c.Gone), Default.SimulationResource);

    private static async Task PreviewAsync(Apis api, ApiContext c) =>
        await c.AnswerAsync(await api.WhatIf.PreviewAsync(c.Path("policy"), await c.ReadAnyBodyAsync(), c.Gone), Default.WhatIfAnswer);

    private static async Task ExplainAsync(Apis api, ApiContext c, bool isAbsence) =>
        await c.AnswerAsync(await api.Explain.ExplainAsync(c.Path("policy"), c.Query("row"), isAbsence, c.MinVersion, c.Gone), Default.ExplanationAnswer);

    private static bool IsSet(string? flag) => flag == "1" || string.Equals(flag, "true", StringComparison.OrdinalIgnoreCase);
}
