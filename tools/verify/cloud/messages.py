"""Handlers for queues and what is put into them: SQS and EventBridge."""

import json

from .resources import Handler, Made, handles, pick


@handles("AWS::SQS::Queue")
class Queue(Handler):
    ATTRIBUTES = ("DelaySeconds", "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "SqsManagedSseEnabled", "VisibilityTimeout")

    def _attributes(self, properties):
        return {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in pick(properties, *self.ATTRIBUTES).items()}

    def create(self, context, properties):
        api, name = context.api("sqs"), properties.get("QueueName") or context.name(80)
        tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
        url = api.create_queue(QueueName=name, Attributes=self._attributes(properties), tags=tags)["QueueUrl"]
        arn = api.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Made(url, Arn=arn, QueueName=name, QueueUrl=url)

    def update(self, context, made, old, new):
        context.api("sqs").set_queue_attributes(QueueUrl=made.id, Attributes=self._attributes(new))
        return made

    def delete(self, context, made, properties):
        context.api("sqs").delete_queue(QueueUrl=made.id)


@handles("AWS::SQS::QueuePolicy")
class QueuePolicy(Handler):
    def _put(self, context, properties):
        for url in properties["Queues"]:
            context.api("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(properties["PolicyDocument"])})

    def create(self, context, properties):
        self._put(context, properties)
        return Made(context.name())

    def update(self, context, made, old, new):
        self._put(context, new)
        return made

    def delete(self, context, made, properties):
        for url in properties["Queues"]:
            context.api("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


@handles("AWS::Events::Rule")
class Rule(Handler):
    def _put(self, context, name, properties):
        pattern = {"EventPattern": json.dumps(properties["EventPattern"])} if "EventPattern" in properties else {}
        arn = context.api("events").put_rule(Name=name, **pattern, **pick(properties, "Description", "ScheduleExpression", "State", "Tags"))["RuleArn"]
        context.api("events").put_targets(Rule=name, Targets=properties.get("Targets", []))
        return arn

    def create(self, context, properties):
        name = properties.get("Name") or context.name(64)
        return Made(name, Arn=self._put(context, name, properties))

    def update(self, context, made, old, new):
        self._put(context, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("events").remove_targets(Rule=made.id, Ids=[target["Id"] for target in properties.get("Targets", [])])
        context.api("events").delete_rule(Name=made.id)
