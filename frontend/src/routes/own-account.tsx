/** /account: what is one's own. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Section } from "@/components/section";
import { TopBar } from "@/components/top-bar";
import { DeleteAccount } from "@/features/account/components/delete-account";
import { Password } from "@/features/account/components/password";
import { Sessions } from "@/features/account/components/sessions";
import { Theme } from "@/features/account/components/theme";
import { Tokens } from "@/features/account/components/tokens";
import { meQuery } from "@/features/auth/api/auth";
import { AccountMenu } from "@/features/auth/components/account-menu";

export function OwnAccountScreen() {
  const me = useQuery(meQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!me) return null;
  const gone = () => {
    client.clear();
    void navigate({ to: "/login" });
  };
  return (
    <>
      <TopBar title="Account" actions={<AccountMenu />} />
      <main className="min-h-0 flex-1 overflow-y-auto px-4 py-8 sm:px-6">
        <div className="mx-auto max-w-2xl">
          <h2 className="mb-6 font-semibold text-xl">{me.username}</h2>
          <Section title="Tokens" about="What scripts and CI show instead of your password.">
            <Tokens />
          </Section>
          <Section title="Log-ins" about="Where you are logged in.">
            <Sessions />
          </Section>
          <Section title="Password">
            <Password username={me.username} />
          </Section>
          <Section title="Theme">
            <Theme />
          </Section>
          <Section title="Delete the account" about="With all its apps and databases.">
            <DeleteAccount username={me.username} onDeleted={gone} />
          </Section>
        </div>
      </main>
    </>
  );
}
