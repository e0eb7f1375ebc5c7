using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>The library of policies.</summary>
internal static class LibraryRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
    {
        yield return new("/v1/librarypolicies")
        {
            Get = new("Lists the policies of the library; name finds one, include_rules=false leaves out the rules.", Role.Reader, async c => await c.AnswerAsync(
                await api.Library.ListAsync(c.Query("name"), !string.Equals(c.Query("include_rules"), "false", StringComparison.OrdinalIgnoreCase), c.Gone), Default.ListingLibraryResource)),
            Post = new("Adds a policy to the library.", Role.Author, async c =>
            {
                var policy = await api.Library.CreateAsync(await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(policy, Default.LibraryResource, $"/v1/librarypolicies/{policy.Id}");
            }),
        };
        yield return new("/v1/librarypolicies/{policy}", IsElement: true)
        {
            Get = new("Shows a policy of the library.", Role.Reader, async c => await c.AnswerAsync(await api.Library.GetAsync(c.Path("policy"), c.Gone), Default.LibraryResource)),
            Put = new("Replaces a policy of the library.", Role.Author, async c => await c.AnswerAsync(
                await api.Library.ReplaceAsync(c.Path("policy"), await c.ReadBodyAsync(), c.RequestId, c.Gone), Default.LibraryResource)),
            Delete = new("Deletes a policy of the library.", Role.Author,
                async c => await c.AnswerAsync(await api.Library.DeleteAsync(c.Path("policy"), c.RequestId, c.Gone), Default.LibraryResource)),
        };
    }
}
